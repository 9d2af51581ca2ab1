package main

import (
	"bufio"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"

	"arcade/romset"
	"arcade/romset/internal/mame"
)

// readMachines runs `mame -listxml` and returns the machines of the wanted
// source files, and every device that they name, in MAME's order.
func readMachines(sources []string) ([]*romset.Set, error) {
	want := map[string]bool{}
	for _, s := range sources {
		want[s] = true
	}
	cmd := exec.Command(mame.Path(), "-listxml")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var sets []*romset.Set
	devices := map[string]string{} // name -> XML
	var order []string
	err = eachMachine(out, func(head, text string) error {
		switch {
		case want[attribute(head, "sourcefile")]:
			s, err := parseMachine(text)
			sets = append(sets, s)
			return err
		case attribute(head, "isdevice") == "yes":
			name := attribute(head, "name")
			devices[name] = text
			order = append(order, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := cmd.Wait(); err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	var need func(names []string) error
	parsed := map[string]*romset.Set{}
	need = func(names []string) error {
		for _, n := range names {
			if wanted[n] || devices[n] == "" {
				continue
			}
			wanted[n] = true
			d, err := parseMachine(devices[n])
			if err != nil {
				return err
			}
			parsed[n] = d
			if err := need(d.Devices); err != nil {
				return err
			}
		}
		return nil
	}
	for _, s := range sets {
		if err := need(s.Devices); err != nil {
			return nil, err
		}
	}
	for _, n := range order {
		if wanted[n] {
			sets = append(sets, parsed[n])
		}
	}
	return sets, nil
}

// eachMachine calls f with the opening tag and the whole text of each machine.
func eachMachine(r io.Reader, f func(head, text string) error) error {
	lines := bufio.NewReaderSize(r, 1<<20)
	var text strings.Builder
	var head string
	for {
		line, err := lines.ReadString('\n')
		if strings.HasPrefix(line, "\t<machine ") {
			head = line
			text.Reset()
		}
		if head != "" {
			text.WriteString(line)
		}
		if head != "" && strings.HasPrefix(line, "\t</machine>") {
			if err := f(head, text.String()); err != nil {
				return err
			}
			head = ""
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func attribute(tag, name string) string {
	_, after, ok := strings.Cut(tag, " "+name+`="`)
	if !ok {
		return ""
	}
	v, _, _ := strings.Cut(after, `"`)
	return v
}

type yes bool

func (y *yes) UnmarshalXMLAttr(a xml.Attr) error {
	*y = a.Value == "yes"
	return nil
}

type condition struct {
	Tag      string `xml:"tag,attr"`
	Mask     uint32 `xml:"mask,attr"`
	Relation string `xml:"relation,attr"`
	Value    uint32 `xml:"value,attr"`
}

func (c *condition) pack() *romset.Condition {
	if c == nil {
		return nil
	}
	return &romset.Condition{Tag: c.Tag, Mask: c.Mask, Relation: c.Relation, Value: c.Value}
}

type location struct {
	Name     string `xml:"name,attr"`
	Number   string `xml:"number,attr"`
	Inverted yes    `xml:"inverted,attr"`
}

type value struct {
	Name      string     `xml:"name,attr"`
	Value     uint32     `xml:"value,attr"`
	Default   yes        `xml:"default,attr"`
	Condition *condition `xml:"condition"`
}

type toggle struct {
	Name      string     `xml:"name,attr"`
	Tag       string     `xml:"tag,attr"`
	Mask      uint32     `xml:"mask,attr"`
	Condition *condition `xml:"condition"`
	DIPLocs   []location `xml:"diplocation"`
	ConfLocs  []location `xml:"conflocation"`
	DIPs      []value    `xml:"dipvalue"`
	Confs     []value    `xml:"confsetting"`
}

type named struct {
	Name string `xml:"name,attr"`
}

type machine struct {
	Name         string `xml:"name,attr"`
	Source       string `xml:"sourcefile,attr"`
	IsBIOS       yes    `xml:"isbios,attr"`
	IsDevice     yes    `xml:"isdevice,attr"`
	Mechanical   yes    `xml:"ismechanical,attr"`
	Runnable     string `xml:"runnable,attr"`
	CloneOf      string `xml:"cloneof,attr"`
	RomOf        string `xml:"romof,attr"`
	SampleOf     string `xml:"sampleof,attr"`
	Description  string `xml:"description"`
	Year         string `xml:"year"`
	Manufacturer string `xml:"manufacturer"`
	BIOS         []struct {
		Name        string `xml:"name,attr"`
		Description string `xml:"description,attr"`
		Default     yes    `xml:"default,attr"`
	} `xml:"biosset"`
	ROM []struct {
		Name     string `xml:"name,attr"`
		BIOS     string `xml:"bios,attr"`
		Size     int64  `xml:"size,attr"`
		CRC      string `xml:"crc,attr"`
		SHA1     string `xml:"sha1,attr"`
		Merge    string `xml:"merge,attr"`
		Region   string `xml:"region,attr"`
		Offset   string `xml:"offset,attr"`
		Status   string `xml:"status,attr"`
		Optional yes    `xml:"optional,attr"`
	} `xml:"rom"`
	Disk []struct {
		Name     string `xml:"name,attr"`
		SHA1     string `xml:"sha1,attr"`
		Merge    string `xml:"merge,attr"`
		Region   string `xml:"region,attr"`
		Index    string `xml:"index,attr"`
		Writable yes    `xml:"writable,attr"`
		Status   string `xml:"status,attr"`
		Optional yes    `xml:"optional,attr"`
	} `xml:"disk"`
	DeviceRef []named `xml:"device_ref"`
	Sample    []named `xml:"sample"`
	Chip      []struct {
		Name  string `xml:"name,attr"`
		Tag   string `xml:"tag,attr"`
		Type  string `xml:"type,attr"`
		Clock string `xml:"clock,attr"`
	} `xml:"chip"`
	Display []struct {
		Tag      string `xml:"tag,attr"`
		Type     string `xml:"type,attr"`
		Rotate   string `xml:"rotate,attr"`
		FlipX    yes    `xml:"flipx,attr"`
		Width    int    `xml:"width,attr"`
		Height   int    `xml:"height,attr"`
		Refresh  string `xml:"refresh,attr"`
		PixClock int64  `xml:"pixclock,attr"`
		HTotal   int    `xml:"htotal,attr"`
		HBEnd    int    `xml:"hbend,attr"`
		HBStart  int    `xml:"hbstart,attr"`
		VTotal   int    `xml:"vtotal,attr"`
		VBEnd    int    `xml:"vbend,attr"`
		VBStart  int    `xml:"vbstart,attr"`
	} `xml:"display"`
	Sound *struct {
		Channels int `xml:"channels,attr"`
	} `xml:"sound"`
	Input *struct {
		Service yes `xml:"service,attr"`
		Tilt    yes `xml:"tilt,attr"`
		Players int `xml:"players,attr"`
		Coins   int `xml:"coins,attr"`
		Control []struct {
			Type        string `xml:"type,attr"`
			Player      string `xml:"player,attr"`
			Buttons     string `xml:"buttons,attr"`
			ReqButtons  string `xml:"reqbuttons,attr"`
			Minimum     string `xml:"minimum,attr"`
			Maximum     string `xml:"maximum,attr"`
			Sensitivity string `xml:"sensitivity,attr"`
			KeyDelta    string `xml:"keydelta,attr"`
			Reverse     yes    `xml:"reverse,attr"`
			Ways        string `xml:"ways,attr"`
			Ways2       string `xml:"ways2,attr"`
			Ways3       string `xml:"ways3,attr"`
		} `xml:"control"`
	} `xml:"input"`
	DIP    []toggle `xml:"dipswitch"`
	Config []toggle `xml:"configuration"`
	Port   []struct {
		Tag    string `xml:"tag,attr"`
		Analog []struct {
			Mask uint32 `xml:"mask,attr"`
		} `xml:"analog"`
	} `xml:"port"`
	Adjuster []struct {
		Name      string     `xml:"name,attr"`
		Default   string     `xml:"default,attr"`
		Condition *condition `xml:"condition"`
	} `xml:"adjuster"`
	Driver *struct {
		Status          string `xml:"status,attr"`
		Emulation       string `xml:"emulation,attr"`
		Cocktail        string `xml:"cocktail,attr"`
		SaveState       string `xml:"savestate,attr"`
		RequiresArtwork yes    `xml:"requiresartwork,attr"`
		Unofficial      yes    `xml:"unofficial,attr"`
		NoSoundHardware yes    `xml:"nosoundhardware,attr"`
		Incomplete      yes    `xml:"incomplete,attr"`
	} `xml:"driver"`
	Feature []struct {
		Type    string `xml:"type,attr"`
		Status  string `xml:"status,attr"`
		Overall string `xml:"overall,attr"`
	} `xml:"feature"`
	Device []struct {
		Type       string `xml:"type,attr"`
		Tag        string `xml:"tag,attr"`
		FixedImage string `xml:"fixed_image,attr"`
		Mandatory  string `xml:"mandatory,attr"`
		Interface  string `xml:"interface,attr"`
		Instance   *struct {
			Name  string `xml:"name,attr"`
			Brief string `xml:"briefname,attr"`
		} `xml:"instance"`
		Extension []named `xml:"extension"`
	} `xml:"device"`
	Slot []struct {
		Name   string `xml:"name,attr"`
		Option []struct {
			Name    string `xml:"name,attr"`
			Device  string `xml:"devname,attr"`
			Default yes    `xml:"default,attr"`
		} `xml:"slotoption"`
	} `xml:"slot"`
	Software []struct {
		Tag    string `xml:"tag,attr"`
		Name   string `xml:"name,attr"`
		Status string `xml:"status,attr"`
		Filter string `xml:"filter,attr"`
	} `xml:"softwarelist"`
	RAM []struct {
		Name    string `xml:"name,attr"`
		Default string `xml:"default,attr"`
		Value   string `xml:",chardata"`
	} `xml:"ramoption"`
}

var dumps = map[string]romset.Dump{"": romset.Good, "good": romset.Good, "baddump": romset.Bad, "nodump": romset.NoDump}

func parseMachine(text string) (*romset.Set, error) {
	var m machine
	if err := xml.Unmarshal([]byte(text), &m); err != nil {
		return nil, err
	}
	s := &romset.Set{
		Name: m.Name, Description: m.Description, Year: m.Year, Manufacturer: m.Manufacturer, Source: m.Source, Parent: m.CloneOf,
		RomOf: m.RomOf, SampleOf: m.SampleOf, IsBIOS: bool(m.IsBIOS), IsDevice: bool(m.IsDevice), Mechanical: bool(m.Mechanical),
		Runnable: m.Runnable != "no",
	}
	for _, b := range m.BIOS {
		s.BIOSes = append(s.BIOSes, romset.BIOS{Name: b.Name, Description: b.Description, Default: bool(b.Default)})
	}
	for _, r := range m.ROM {
		f := romset.File{Name: r.Name, Size: r.Size, Merge: r.Merge, BIOS: r.BIOS, Region: r.Region, Optional: bool(r.Optional)}
		var ok bool
		if f.Status, ok = dumps[r.Status]; !ok {
			return nil, fmt.Errorf("%s: unknown dump status %q", m.Name, r.Status)
		}
		crc, err1 := hexNumber(r.CRC)
		offset, err2 := hexNumber(r.Offset)
		sha, err3 := hex.DecodeString(r.SHA1)
		if err1 != nil || err2 != nil || err3 != nil {
			return nil, fmt.Errorf("%s: file %s: bad number", m.Name, r.Name)
		}
		f.CRC, f.Offset, f.SHA1 = crc, offset, string(sha)
		s.Files = append(s.Files, f)
	}
	for _, d := range m.Disk {
		sha, err := hex.DecodeString(d.SHA1)
		if err != nil {
			return nil, err
		}
		s.Disks = append(s.Disks, romset.Disk{Name: d.Name, SHA1: string(sha), Merge: d.Merge, Region: d.Region, Index: d.Index,
			Writable: bool(d.Writable), Status: dumps[d.Status], Optional: bool(d.Optional)})
	}
	for _, d := range m.DeviceRef {
		s.Devices = append(s.Devices, d.Name)
	}
	for _, d := range m.Sample {
		s.Samples = append(s.Samples, d.Name)
	}
	for _, c := range m.Chip {
		s.Chips = append(s.Chips, romset.Chip{Name: c.Name, Tag: c.Tag, Audio: c.Type == "audio", Clock: c.Clock})
	}
	for _, d := range m.Display {
		rotate, _ := strconv.Atoi(d.Rotate)
		s.Displays = append(s.Displays, romset.Display{Tag: d.Tag, Type: d.Type, Rotate: rotate, HasRotate: d.Rotate != "", FlipX: bool(d.FlipX),
			Width: d.Width, Height: d.Height, Refresh: d.Refresh, PixelClock: d.PixClock, HTotal: d.HTotal, HBEnd: d.HBEnd, HBStart: d.HBStart,
			VTotal: d.VTotal, VBEnd: d.VBEnd, VBStart: d.VBStart})
	}
	if m.Sound != nil {
		s.Sound = &romset.Sound{Channels: m.Sound.Channels}
	}
	if in := m.Input; in != nil {
		s.Input = &romset.Input{Service: bool(in.Service), Tilt: bool(in.Tilt), Players: in.Players, Coins: in.Coins}
		for _, c := range in.Control {
			s.Input.Controls = append(s.Input.Controls, romset.Control{Type: c.Type, Player: c.Player, Buttons: c.Buttons, ReqButtons: c.ReqButtons,
				Minimum: c.Minimum, Maximum: c.Maximum, Sensitivity: c.Sensitivity, KeyDelta: c.KeyDelta, Reverse: bool(c.Reverse),
				Ways: c.Ways, Ways2: c.Ways2, Ways3: c.Ways3})
		}
	}
	s.DIPs, s.Configs = switches(m.DIP), switches(m.Config)
	for _, p := range m.Port {
		pm := romset.PortMasks{Tag: p.Tag}
		for _, a := range p.Analog {
			pm.Analog = append(pm.Analog, a.Mask)
		}
		s.PortMasks = append(s.PortMasks, pm)
	}
	for _, a := range m.Adjuster {
		s.Adjusters = append(s.Adjusters, romset.Adjuster{Name: a.Name, Default: a.Default, Condition: a.Condition.pack()})
	}
	if d := m.Driver; d != nil {
		s.Driver = &romset.Driver{Status: d.Status, Emulation: d.Emulation, Cocktail: d.Cocktail, SaveState: d.SaveState,
			RequiresArtwork: bool(d.RequiresArtwork), Unofficial: bool(d.Unofficial), NoSoundHardware: bool(d.NoSoundHardware), Incomplete: bool(d.Incomplete)}
	}
	for _, f := range m.Feature {
		s.Features = append(s.Features, romset.Feature{Type: f.Type, Status: f.Status, Overall: f.Overall})
	}
	for _, d := range m.Device {
		media := romset.Media{Type: d.Type, Tag: d.Tag, FixedImage: d.FixedImage, Mandatory: d.Mandatory, Interface: d.Interface}
		if d.Instance != nil {
			media.Instance, media.BriefName = d.Instance.Name, d.Instance.Brief
		}
		for _, e := range d.Extension {
			media.Extensions = append(media.Extensions, e.Name)
		}
		s.Media = append(s.Media, media)
	}
	for _, x := range m.Slot {
		slot := romset.Slot{Name: x.Name}
		for _, o := range x.Option {
			slot.Options = append(slot.Options, romset.SlotOption{Name: o.Name, Device: o.Device, Default: bool(o.Default)})
		}
		s.Slots = append(s.Slots, slot)
	}
	for _, l := range m.Software {
		s.Software = append(s.Software, romset.SoftwareList{Tag: l.Tag, Name: l.Name, Status: l.Status, Filter: l.Filter})
	}
	for _, o := range m.RAM {
		s.RAMOptions = append(s.RAMOptions, romset.RAMOption{Name: o.Name, Default: o.Default, Value: o.Value})
	}
	return s, nil
}

func switches(list []toggle) (out []romset.Switch) {
	for _, t := range list {
		s := romset.Switch{Name: t.Name, Tag: t.Tag, Mask: t.Mask, Condition: t.Condition.pack()}
		for _, l := range append(t.DIPLocs, t.ConfLocs...) {
			s.Locations = append(s.Locations, romset.Location{Name: l.Name, Number: l.Number, Inverted: bool(l.Inverted)})
		}
		for _, v := range append(t.DIPs, t.Confs...) {
			s.Values = append(s.Values, romset.Value{Name: v.Name, Value: v.Value, Default: bool(v.Default), Condition: v.Condition.pack()})
		}
		out = append(out, s)
	}
	return out
}

func hexNumber(s string) (uint32, error) {
	if s == "" {
		return 0, nil
	}
	v, err := strconv.ParseUint(s, 16, 32)
	return uint32(v), err
}
