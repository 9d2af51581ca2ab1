package romset

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// xmlWriter writes elements with attributes, one a line, indented by tabs.
type xmlWriter struct {
	w     *bufio.Writer
	depth int
	stack []string
}

var xmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// attrs is a list of names and values; empty values are left out.
type attrs []string

func (x *xmlWriter) start(name string, a attrs, end string) {
	for range x.depth {
		x.w.WriteByte('\t')
	}
	x.w.WriteString("<" + name)
	for i := 0; i+1 < len(a); i += 2 {
		if a[i+1] != "" {
			x.w.WriteString(" " + a[i] + `="` + xmlEscape.Replace(a[i+1]) + `"`)
		}
	}
	x.w.WriteString(end)
}

// leaf writes an element without content.
func (x *xmlWriter) leaf(name string, a attrs) { x.start(name, a, "/>\n") }

// open begins an element with content; close ends it.
func (x *xmlWriter) open(name string, a attrs) {
	x.start(name, a, ">\n")
	x.depth++
	x.stack = append(x.stack, name)
}

func (x *xmlWriter) close() {
	x.depth--
	for range x.depth {
		x.w.WriteByte('\t')
	}
	x.w.WriteString("</" + x.stack[len(x.stack)-1] + ">\n")
	x.stack = x.stack[:len(x.stack)-1]
}

// text writes an element with text in it.
func (x *xmlWriter) text(name string, a attrs, text string) {
	x.start(name, a, ">"+xmlEscape.Replace(text)+"</"+name+">\n")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func dec[T int | int64 | uint32](v T) string { return strconv.FormatInt(int64(v), 10) }

// number is dec, but empty for 0.
func number[T int | int64 | uint32](v T) string {
	if v == 0 {
		return ""
	}
	return dec(v)
}

// WriteListXML writes sets in the format of `mame -listxml`, each followed by
// the devices that it names, the document type included.
func WriteListXML(w io.Writer, build string, sets []*Set) error {
	x := &xmlWriter{w: bufio.NewWriter(w)}
	x.w.WriteString("<?xml version=\"1.0\"?>\n")
	writeDTD(x.w)
	x.w.WriteByte('\n')
	x.open("mame", attrs{"build", build, "debug", "no", "mameconfig", "10"})
	done := map[string]bool{}
	var devices []string
	for _, s := range sets {
		if !done[s.Name] {
			done[s.Name] = true
			x.machine(s)
			devices = append(devices, s.Devices...)
		}
	}
	for len(devices) > 0 {
		name := devices[0]
		devices = devices[1:]
		if d, ok := Lookup(name); ok && !done[name] {
			done[name] = true
			x.machine(d)
			devices = append(devices, d.Devices...)
		}
	}
	x.close()
	return x.w.Flush()
}

func (x *xmlWriter) machine(s *Set) {
	runnable := ""
	if !s.Runnable {
		runnable = "no"
	}
	x.open("machine", attrs{"name", s.Name, "sourcefile", s.Source, "isbios", yes(s.IsBIOS), "isdevice", yes(s.IsDevice),
		"ismechanical", yes(s.Mechanical), "runnable", runnable, "cloneof", s.Parent, "romof", s.RomOf, "sampleof", s.SampleOf})
	x.text("description", nil, s.Description)
	if s.Year != "" {
		x.text("year", nil, s.Year)
	}
	if s.Manufacturer != "" {
		x.text("manufacturer", nil, s.Manufacturer)
	}
	for _, b := range s.BIOSes {
		x.leaf("biosset", attrs{"name", b.Name, "description", b.Description, "default", yes(b.Default)})
	}
	for i := range s.Files {
		x.rom(&s.Files[i])
	}
	for _, d := range s.Disks {
		x.leaf("disk", attrs{"name", d.Name, "merge", d.Merge, "sha1", hexText(d.SHA1), "status", dumpText(d.Status), "region", d.Region,
			"index", d.Index, "writable", yesNo(d.Writable), "optional", yes(d.Optional)})
	}
	for _, d := range s.Devices {
		x.leaf("device_ref", attrs{"name", d})
	}
	for _, d := range s.Samples {
		x.leaf("sample", attrs{"name", d})
	}
	x.hardware(s)
	x.switches("dipswitch", "diplocation", "dipvalue", s.DIPs)
	x.switches("configuration", "conflocation", "confsetting", s.Configs)
	for _, p := range s.PortMasks {
		x.open("port", attrs{"tag", p.Tag})
		for _, m := range p.Analog {
			x.leaf("analog", attrs{"mask", dec(m)})
		}
		x.close()
	}
	for _, a := range s.Adjusters {
		x.open("adjuster", attrs{"name", a.Name, "default", a.Default})
		x.condition(a.Condition)
		x.close()
	}
	if d := s.Driver; d != nil {
		x.leaf("driver", attrs{"status", d.Status, "emulation", d.Emulation, "cocktail", d.Cocktail, "savestate", d.SaveState,
			"requiresartwork", yes(d.RequiresArtwork), "unofficial", yes(d.Unofficial), "nosoundhardware", yes(d.NoSoundHardware),
			"incomplete", yes(d.Incomplete)})
	}
	for _, f := range s.Features {
		x.leaf("feature", attrs{"type", f.Type, "status", f.Status, "overall", f.Overall})
	}
	x.slots(s)
	x.close()
}

func (x *xmlWriter) rom(f *File) {
	crc := ""
	if f.Status != NoDump {
		crc = crcText(f.CRC)
	}
	x.leaf("rom", attrs{"name", f.Name, "merge", f.Merge, "bios", f.BIOS, "size", dec(f.Size), "crc", crc, "sha1", hexText(f.SHA1),
		"status", dumpText(f.Status), "region", f.Region, "offset", strconv.FormatUint(uint64(f.Offset), 16), "optional", yes(f.Optional)})
}

func (x *xmlWriter) hardware(s *Set) {
	for _, c := range s.Chips {
		kind := "cpu"
		if c.Audio {
			kind = "audio"
		}
		x.leaf("chip", attrs{"type", kind, "tag", c.Tag, "name", c.Name, "clock", c.Clock})
	}
	for _, d := range s.Displays {
		rotate := ""
		if d.HasRotate {
			rotate = dec(d.Rotate)
		}
		a := attrs{"tag", d.Tag, "type", d.Type, "rotate", rotate, "flipx", yes(d.FlipX), "width", number(d.Width), "height", number(d.Height),
			"refresh", d.Refresh}
		if d.PixelClock != 0 {
			a = append(a, "pixclock", dec(d.PixelClock), "htotal", dec(d.HTotal), "hbend", dec(d.HBEnd), "hbstart", dec(d.HBStart),
				"vtotal", dec(d.VTotal), "vbend", dec(d.VBEnd), "vbstart", dec(d.VBStart))
		}
		x.leaf("display", a)
	}
	if s.Sound != nil {
		x.leaf("sound", attrs{"channels", dec(s.Sound.Channels)})
	}
	if in := s.Input; in != nil {
		x.open("input", attrs{"service", yes(in.Service), "tilt", yes(in.Tilt), "players", dec(in.Players), "coins", number(in.Coins)})
		for _, c := range in.Controls {
			x.leaf("control", attrs{"type", c.Type, "player", c.Player, "buttons", c.Buttons, "reqbuttons", c.ReqButtons, "minimum", c.Minimum,
				"maximum", c.Maximum, "sensitivity", c.Sensitivity, "keydelta", c.KeyDelta, "reverse", yes(c.Reverse), "ways", c.Ways,
				"ways2", c.Ways2, "ways3", c.Ways3})
		}
		x.close()
	}
}

func (x *xmlWriter) condition(c *Condition) {
	if c != nil {
		x.leaf("condition", attrs{"tag", c.Tag, "mask", dec(c.Mask), "relation", c.Relation, "value", dec(c.Value)})
	}
}

func (x *xmlWriter) switches(name, location, value string, list []Switch) {
	for _, s := range list {
		x.open(name, attrs{"name", s.Name, "tag", s.Tag, "mask", dec(s.Mask)})
		x.condition(s.Condition)
		for _, l := range s.Locations {
			x.leaf(location, attrs{"name", l.Name, "number", l.Number, "inverted", yes(l.Inverted)})
		}
		for _, v := range s.Values {
			a := attrs{"name", v.Name, "value", dec(v.Value), "default", yes(v.Default)}
			if v.Condition == nil {
				x.leaf(value, a)
				continue
			}
			x.open(value, a)
			x.condition(v.Condition)
			x.close()
		}
		x.close()
	}
}

func (x *xmlWriter) slots(s *Set) {
	for _, m := range s.Media {
		x.open("device", attrs{"type", m.Type, "tag", m.Tag, "fixed_image", m.FixedImage, "mandatory", m.Mandatory, "interface", m.Interface})
		if m.Instance != "" || m.BriefName != "" {
			x.leaf("instance", attrs{"name", m.Instance, "briefname", m.BriefName})
		}
		for _, e := range m.Extensions {
			x.leaf("extension", attrs{"name", e})
		}
		x.close()
	}
	for _, slot := range s.Slots {
		x.open("slot", attrs{"name", slot.Name})
		for _, o := range slot.Options {
			x.leaf("slotoption", attrs{"name", o.Name, "devname", o.Device, "default", yes(o.Default)})
		}
		x.close()
	}
	for _, l := range s.Software {
		x.leaf("softwarelist", attrs{"tag", l.Tag, "name", l.Name, "status", l.Status, "filter", l.Filter})
	}
	for _, r := range s.RAMOptions {
		x.text("ramoption", attrs{"name", r.Name, "default", r.Default}, r.Value)
	}
}

func hexText(s string) string { return fmt.Sprintf("%x", s) }

func dumpText(d Dump) string {
	if d == Good {
		return ""
	}
	return d.String()
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
