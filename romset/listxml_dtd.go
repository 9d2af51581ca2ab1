package romset

import (
	"bufio"
	"strings"
)

// listXMLTypes is the document type of listxml: an element, its content, and
// its attributes. "!" marks those that must be there, ":" lists the values
// allowed, "=" gives the default.
var listXMLTypes = [][3]string{
	{"mame", "(machine+)", "build debug:yes|no=no mameconfig!"},
	{"machine", "(description, year?, manufacturer?, biosset*, rom*, disk*, device_ref*, sample*, chip*, display*, sound?, input?, dipswitch*, configuration*, port*, adjuster*, driver?, feature*, device*, slot*, softwarelist*, ramoption*)", "name! sourcefile isbios:yes|no=no isdevice:yes|no=no ismechanical:yes|no=no runnable:yes|no=yes cloneof romof sampleof"},
	{"description", "(#PCDATA)", ""},
	{"year", "(#PCDATA)", ""},
	{"manufacturer", "(#PCDATA)", ""},
	{"biosset", "EMPTY", "name! description! default:yes|no=no"},
	{"rom", "EMPTY", "name! bios size! crc sha1 merge region offset status:baddump|nodump|good=good optional:yes|no=no"},
	{"disk", "EMPTY", "name! sha1 merge region index writable:yes|no=no status:baddump|nodump|good=good optional:yes|no=no"},
	{"device_ref", "EMPTY", "name!"},
	{"sample", "EMPTY", "name!"},
	{"chip", "EMPTY", "name! tag type!:cpu|audio clock"},
	{"display", "EMPTY", "tag type!:raster|vector|lcd|svg|unknown rotate:0|90|180|270 flipx:yes|no=no width height refresh! pixclock htotal hbend hbstart vtotal vbend vbstart"},
	{"sound", "EMPTY", "channels!"},
	{"condition", "EMPTY", "tag! mask! relation!:eq|ne|gt|le|lt|ge value!"},
	{"input", "(control*)", "service:yes|no=no tilt:yes|no=no players! coins"},
	{"control", "EMPTY", "type! player buttons reqbuttons minimum maximum sensitivity keydelta reverse:yes|no=no ways ways2 ways3"},
	{"dipswitch", "(condition?, diplocation*, dipvalue*)", "name! tag! mask!"},
	{"diplocation", "EMPTY", "name! number! inverted:yes|no=no"},
	{"dipvalue", "(condition?)", "name! value! default:yes|no=no"},
	{"configuration", "(condition?, conflocation*, confsetting*)", "name! tag! mask!"},
	{"conflocation", "EMPTY", "name! number! inverted:yes|no=no"},
	{"confsetting", "(condition?)", "name! value! default:yes|no=no"},
	{"port", "(analog*)", "tag!"},
	{"analog", "EMPTY", "mask!"},
	{"adjuster", "(condition?)", "name! default!"},
	{"driver", "EMPTY", "status!:good|imperfect|preliminary emulation!:good|imperfect|preliminary cocktail:good|imperfect|preliminary savestate!:supported|unsupported requiresartwork:yes|no=no unofficial:yes|no=no nosoundhardware:yes|no=no incomplete:yes|no=no"},
	{"feature", "EMPTY", "type!:protection|timing|graphics|palette|sound|capture|camera|microphone|controls|keyboard|mouse|media|disk|printer|tape|punch|drum|rom|comms|lan|wan status:unemulated|imperfect overall:unemulated|imperfect"},
	{"device", "(instance?, extension*)", "type! tag fixed_image mandatory interface"},
	{"instance", "EMPTY", "name! briefname!"},
	{"extension", "EMPTY", "name!"},
	{"slot", "(slotoption*)", "name!"},
	{"slotoption", "EMPTY", "name! devname! default:yes|no=no"},
	{"softwarelist", "EMPTY", "tag! name! status!:original|compatible filter"},
	{"ramoption", "(#PCDATA)", "name! default"},
}

// writeDTD writes the document type declaration.
func writeDTD(w *bufio.Writer) {
	w.WriteString("<!DOCTYPE mame [\n")
	for _, e := range listXMLTypes {
		w.WriteString("<!ELEMENT " + e[0] + " " + e[1] + ">\n")
		for a := range strings.FieldsSeq(e[2]) {
			a, preset, hasPreset := strings.Cut(a, "=")
			a, values, hasValues := strings.Cut(a, ":")
			name, required := strings.CutSuffix(a, "!")
			kind, rest := "CDATA", "#IMPLIED"
			if hasValues {
				kind = "(" + values + ")"
			}
			if required {
				rest = "#REQUIRED"
			}
			if hasPreset {
				rest = `"` + preset + `"`
			}
			w.WriteString("<!ATTLIST " + e[0] + " " + name + " " + kind + " " + rest + ">\n")
		}
	}
	w.WriteString("]>\n")
}
