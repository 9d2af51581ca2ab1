package romset

// A Set describes one machine: a game, a BIOS or a device that has ROMs. It is
// shared by all who look it up, and must not be changed.
type Set struct {
	Name         string `json:"name"`
	Description  string `json:"description"`
	Year         string `json:"year,omitempty"`
	Manufacturer string `json:"manufacturer,omitempty"`
	Source       string `json:"source,omitempty"` // MAME's source file, such as "pacman/pacman.cpp"
	Parent       string `json:"parent,omitempty"` // the set that this one is a clone of, or ""
	RomOf        string `json:"rom_of,omitempty"` // where files are that this set shares: the parent or the BIOS, or ""
	SampleOf     string `json:"sample_of,omitempty"`
	IsBIOS       bool   `json:"is_bios,omitempty"`
	IsDevice     bool   `json:"is_device,omitempty"`
	Mechanical   bool   `json:"mechanical,omitempty"`
	Runnable     bool   `json:"runnable,omitempty"`

	Driver     *Driver        `json:"driver,omitempty"` // nil for devices
	BIOSes     []BIOS         `json:"bioses,omitempty"`
	Files      []File         `json:"files,omitempty"` // in MAME's order; later ones overwrite earlier ones
	Disks      []Disk         `json:"disks,omitempty"`
	Devices    []string       `json:"devices,omitempty"` // device sets, some with ROMs of their own; repeated as MAME repeats them
	Samples    []string       `json:"samples,omitempty"`
	Chips      []Chip         `pack:"shared" json:"chips,omitempty"`
	Displays   []Display      `pack:"shared" json:"displays,omitempty"`
	Sound      *Sound         `json:"sound,omitempty"`
	Input      *Input         `pack:"shared" json:"input,omitempty"`
	DIPs       []Switch       `pack:"shared" json:"dips,omitempty"`       // DIP switches
	Configs    []Switch       `pack:"shared" json:"configs,omitempty"`    // settings that are not switches on the board
	PortMasks  []PortMasks    `pack:"shared" json:"port_masks,omitempty"` // listxml's ports: which bits are analog
	Adjusters  []Adjuster     `pack:"shared" json:"adjusters,omitempty"`
	Features   []Feature      `pack:"shared" json:"features,omitempty"`
	Media      []Media        `pack:"shared" json:"media,omitempty"`
	Slots      []Slot         `pack:"shared" json:"slots,omitempty"`
	Software   []SoftwareList `pack:"shared" json:"software,omitempty"`
	RAMOptions []RAMOption    `pack:"shared" json:"ram_options,omitempty"`

	Ports   []Port   `pack:"shared" json:"ports,omitempty"` // inputs and switches, bit by bit; empty for devices
	Regions []Region `json:"regions,omitempty"`             // how files become memory; empty for devices and sets that do not run
	Steps   []string `json:"steps,omitempty"`               // decryption, in order, after all regions are placed: see package romset/decrypt
}

// A Title is the part of a Set that lists show.
type Title struct {
	Name         string `json:"name"`
	Description  string `json:"description"`
	Year         string `json:"year,omitempty"`
	Manufacturer string `json:"manufacturer,omitempty"`
	Source       string `json:"source,omitempty"`
	Parent       string `json:"parent,omitempty"`
	RomOf        string `json:"rom_of,omitempty"`
	Status       string `json:"status"` // "good", "imperfect", "preliminary", or "" for devices
	IsBIOS       bool   `json:"is_bios,omitempty"`
	IsDevice     bool   `json:"is_device,omitempty"`
	NeedsDisk    bool   `json:"needs_disk,omitempty"` // there is a disc image without which the machine is not whole
}

// Driver is the verdict of MAME's authors on their own emulation.
type Driver struct {
	Status          string `json:"status"` // good, imperfect or preliminary
	Emulation       string `json:"emulation,omitempty"`
	Cocktail        string `json:"cocktail,omitempty"`
	SaveState       string `json:"save_state,omitempty"` // supported or unsupported
	RequiresArtwork bool   `json:"requires_artwork,omitempty"`
	Unofficial      bool   `json:"unofficial,omitempty"`
	NoSoundHardware bool   `json:"no_sound_hardware,omitempty"`
	Incomplete      bool   `json:"incomplete,omitempty"`
}

// A BIOS is one choice among several BIOS ROMs of a machine.
type BIOS struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Default     bool   `json:"default,omitempty"`
}

// Dump says how well a file is known.
type Dump uint8

const (
	Good   Dump = iota // checksums of a good dump
	Bad                // checksums of a dump known to be bad
	NoDump             // nobody has read this chip; there is nothing to find
)

func (d Dump) String() string {
	switch d {
	case Bad:
		return "baddump"
	case NoDump:
		return "nodump"
	}
	return "good"
}

// A File is one ROM image of a set.
type File struct {
	Name     string `json:"name"`
	Size     int64  `json:"size"`
	CRC      uint32 `json:"crc"`              // CRC-32; meaningless if Status is NoDump
	SHA1     string `json:"sha1,omitempty"`   // 20 bytes, or "" if unknown
	Merge    string `json:"merge,omitempty"`  // its name in the set RomOf, if it is there too
	BIOS     string `json:"bios,omitempty"`   // belongs to this BIOS choice only
	Region   string `json:"region,omitempty"` // tag of the region it is loaded into
	Offset   uint32 `json:"offset,omitempty"` // as MAME lists it: where its first byte lands, before any interleaving
	Status   Dump   `json:"status"`
	Optional bool   `json:"optional,omitempty"`
}

// A Disk is a disc or hard disk image (CHD).
type Disk struct {
	Name     string `json:"name"`
	SHA1     string `json:"sha1,omitempty"`
	Merge    string `json:"merge,omitempty"`
	Region   string `json:"region,omitempty"`
	Index    string `json:"index,omitempty"`
	Writable bool   `json:"writable,omitempty"`
	Status   Dump   `json:"status"`
	Optional bool   `json:"optional,omitempty"`
}

// A Region is one block of ROM as the machine sees it after loading, in the
// byte order of its bus: with BigEndian, byte 0 is the upper half of word 0.
type Region struct {
	Name      string  `json:"name"`
	Size      int     `json:"size"`
	Width     int     `json:"width,omitempty"` // bytes of one bus word
	BigEndian bool    `json:"big_endian,omitempty"`
	Fill      byte    `json:"fill,omitempty"` // bytes that no file reaches
	Pieces    []Piece `json:"-"`              // applied in order
	Patches   []Patch `json:"-"`              // constant bytes on top
}

// A Piece copies part of a file into a region, in units of Unit bytes: unit i
// comes from From + i*FromStep of the file and goes to To + i*ToStep of the
// region. With Reverse the bytes of each unit change order.
//
// File counts through Set.Files, then through the files of the device sets
// (see Set.AllFiles).
type Piece struct {
	File     int
	From     int
	To       int
	Count    int // units
	Unit     int
	FromStep int
	ToStep   int
	Reverse  bool
}

// A Patch is a run of constant bytes.
type Patch struct {
	To   int
	Data string
}

// A Chip is a CPU or a sound chip.
type Chip struct {
	Name  string `json:"name"`
	Tag   string `json:"tag"`
	Audio bool   `json:"audio,omitempty"`
	Clock string `json:"clock,omitempty"` // Hz, or ""
}

// A Display is a screen. Numbers are in pixels and lines; Refresh is in Hz with
// six decimals, as MAME prints it. PixelClock / (HTotal*VTotal) is exact.
type Display struct {
	Tag        string `json:"tag"`
	Type       string `json:"type"`
	Rotate     int    `json:"rotate,omitempty"` // degrees clockwise to turn the picture by
	HasRotate  bool   `json:"has_rotate,omitempty"`
	FlipX      bool   `json:"flip_x,omitempty"`
	Width      int    `json:"width,omitempty"`
	Height     int    `json:"height,omitempty"`
	Refresh    string `json:"refresh,omitempty"`
	PixelClock int64  `json:"pixel_clock,omitempty"`
	HTotal     int    `json:"htotal,omitempty"`
	HBEnd      int    `json:"hbend,omitempty"`
	HBStart    int    `json:"hbstart,omitempty"`
	VTotal     int    `json:"vtotal,omitempty"`
	VBEnd      int    `json:"vbend,omitempty"`
	VBStart    int    `json:"vbstart,omitempty"`
}

// Sound counts loudspeakers.
type Sound struct {
	Channels int `json:"channels"`
}

// Input is the summary of a machine's controls.
type Input struct {
	Service  bool      `json:"service,omitempty"`
	Tilt     bool      `json:"tilt,omitempty"`
	Players  int       `json:"players,omitempty"`
	Coins    int       `json:"coins,omitempty"`
	Controls []Control `json:"controls,omitempty"`
}

// A Control is one control of one player. Numbers are MAME's, "" if it gives none.
type Control struct {
	Type        string `json:"type"`
	Player      string `json:"player,omitempty"`
	Buttons     string `json:"buttons,omitempty"`
	ReqButtons  string `json:"req_buttons,omitempty"`
	Minimum     string `json:"minimum,omitempty"`
	Maximum     string `json:"maximum,omitempty"`
	Sensitivity string `json:"sensitivity,omitempty"`
	KeyDelta    string `json:"key_delta,omitempty"`
	Reverse     bool   `json:"reverse,omitempty"`
	Ways        string `json:"ways,omitempty"`
	Ways2       string `json:"ways2,omitempty"`
	Ways3       string `json:"ways3,omitempty"`
}

// A Condition says when a switch or one of its values exists: when the port
// Tag, masked, compares with Value.
type Condition struct {
	Tag      string `json:"tag"`
	Mask     uint32 `json:"mask"`
	Relation string `json:"relation,omitempty"` // eq, ne, gt, le, lt or ge
	Value    uint32 `json:"value"`
}

// A Switch is a DIP switch or a setting: some bits of a port.
type Switch struct {
	Name      string     `json:"name"`
	Tag       string     `json:"tag"` // of the port
	Mask      uint32     `json:"mask"`
	Condition *Condition `json:"condition,omitempty"`
	Locations []Location `json:"locations,omitempty"`
	Values    []Value    `json:"values,omitempty"`
}

// A Location is one lever of a DIP switch: bank and number.
type Location struct {
	Name     string `json:"name"`
	Number   string `json:"number,omitempty"`
	Inverted bool   `json:"inverted,omitempty"`
}

// A Value is one position of a Switch.
type Value struct {
	Name      string     `json:"name"`
	Value     uint32     `json:"value"`
	Default   bool       `json:"default,omitempty"`
	Condition *Condition `json:"condition,omitempty"`
}

// PortMasks has the masks of the analog fields of a port.
type PortMasks struct {
	Tag    string   `json:"tag"`
	Analog []uint32 `json:"analog,omitempty"`
}

// An Adjuster is a knob on the board.
type Adjuster struct {
	Name      string     `json:"name"`
	Default   string     `json:"default,omitempty"`
	Condition *Condition `json:"condition,omitempty"`
}

// A Feature is a part of the machine that MAME does not emulate well.
type Feature struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Overall string `json:"overall,omitempty"`
}

// Media is a slot for an image, such as a disc drive.
type Media struct {
	Type       string   `json:"type"`
	Tag        string   `json:"tag"`
	FixedImage string   `json:"fixed_image,omitempty"`
	Mandatory  string   `json:"mandatory,omitempty"`
	Interface  string   `json:"interface,omitempty"`
	Instance   string   `json:"instance,omitempty"`
	BriefName  string   `json:"brief_name,omitempty"`
	Extensions []string `json:"extensions,omitempty"`
}

// A Slot takes one of several devices.
type Slot struct {
	Name    string       `json:"name"`
	Options []SlotOption `json:"options,omitempty"`
}

// A SlotOption is a device that fits a Slot.
type SlotOption struct {
	Name    string `json:"name"`
	Device  string `json:"device,omitempty"`
	Default bool   `json:"default,omitempty"`
}

// A SoftwareList names a list of software for a machine.
type SoftwareList struct {
	Tag    string `json:"tag"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Filter string `json:"filter,omitempty"`
}

// A RAMOption is a choice of memory size.
type RAMOption struct {
	Name    string `json:"name"`
	Default string `json:"default,omitempty"`
	Value   string `json:"value"`
}

// A Port is what a program reads in one place: buttons, switches, dials.
type Port struct {
	Tag    string  `json:"tag"`
	Idle   uint32  `json:"idle,omitempty"` // what it reads when nobody touches anything, as far as MAME can tell
	Fields []Field `json:"fields,omitempty"`
}

// A Field is one or more bits of a Port, with MAME's name for them.
type Field struct {
	Name    string       `json:"name"`
	Type    string       `json:"type"`             // MAME's token: P1_JOYSTICK_UP, P2_BUTTON1, COIN1, START1, DIPSWITCH, DIAL, ...
	Class   string       `json:"class,omitempty"`  // controller, dipswitch, config, misc or keyboard
	Player  int          `json:"player,omitempty"` // from 1
	Mask    uint32       `json:"mask"`
	Default uint32       `json:"default,omitempty"` // the bits' value at rest: equal to Mask where a button is active low
	Way     int          `json:"way,omitempty"`     // 2, 4, 8 or 16 for sticks, else 0
	Analog  *Analog      `json:"analog,omitempty"`
	Values  []FieldValue `json:"values,omitempty"` // of switches, in ascending order

	Optional bool `json:"optional,omitempty"`
	Cocktail bool `json:"cocktail,omitempty"` // sits on the other side of a cocktail table
	Toggle   bool `json:"toggle,omitempty"`
	Rotated  bool `json:"rotated,omitempty"`
	Impulse  int  `json:"impulse,omitempty"` // frames that a press lasts, or 0
}

// Analog describes a dial, paddle, stick or trackball. Movement is in the
// units of the port.
type Analog struct {
	Min         int  `json:"min,omitempty"`
	Max         int  `json:"max,omitempty"`
	Sensitivity int  `json:"sensitivity,omitempty"` // percent
	Delta       int  `json:"delta,omitempty"`       // per frame, for keys
	CenterDelta int  `json:"center_delta,omitempty"`
	Reverse     bool `json:"reverse,omitempty"`
	Reset       bool `json:"reset,omitempty"` // reads how far it moved since the last frame
	Wraps       bool `json:"wraps,omitempty"`
	Invert      bool `json:"invert,omitempty"`
}

// A FieldValue is one position of a switch.
type FieldValue struct {
	Value uint32 `json:"value"`
	Name  string `json:"name"`
}
