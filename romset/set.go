package romset

// A Set describes one machine: a game, a BIOS or a device that has ROMs. It is
// shared by all who look it up, and must not be changed.
type Set struct {
	Name         string
	Description  string
	Year         string
	Manufacturer string
	Source       string // MAME's source file, such as "pacman/pacman.cpp"
	Parent       string // the set that this one is a clone of, or ""
	RomOf        string // where files are that this set shares: the parent or the BIOS, or ""
	SampleOf     string
	IsBIOS       bool
	IsDevice     bool
	Mechanical   bool
	Runnable     bool

	Driver     *Driver // nil for devices
	BIOSes     []BIOS
	Files      []File // in MAME's order; later ones overwrite earlier ones
	Disks      []Disk
	Devices    []string // device sets, some with ROMs of their own; repeated as MAME repeats them
	Samples    []string
	Chips      []Chip    `pack:"shared"`
	Displays   []Display `pack:"shared"`
	Sound      *Sound
	Input      *Input         `pack:"shared"`
	DIPs       []Switch       `pack:"shared"` // DIP switches
	Configs    []Switch       `pack:"shared"` // settings that are not switches on the board
	PortMasks  []PortMasks    `pack:"shared"` // listxml's ports: which bits are analog
	Adjusters  []Adjuster     `pack:"shared"`
	Features   []Feature      `pack:"shared"`
	Media      []Media        `pack:"shared"`
	Slots      []Slot         `pack:"shared"`
	Software   []SoftwareList `pack:"shared"`
	RAMOptions []RAMOption    `pack:"shared"`

	Ports   []Port   `pack:"shared"` // inputs and switches, bit by bit; empty for devices
	Regions []Region // how files become memory; empty for devices and sets that do not run
	Steps   []string // decryption, in order, after all regions are placed: see package romset/decrypt
}

// A Title is the part of a Set that lists show.
type Title struct {
	Name         string
	Description  string
	Year         string
	Manufacturer string
	Source       string
	Parent       string
	RomOf        string
	Status       string // "good", "imperfect", "preliminary", or "" for devices
	IsBIOS       bool
	IsDevice     bool
	NeedsDisk    bool // there is a disc image without which the machine is not whole
}

// Driver is the verdict of MAME's authors on their own emulation.
type Driver struct {
	Status          string // good, imperfect or preliminary
	Emulation       string
	Cocktail        string
	SaveState       string // supported or unsupported
	RequiresArtwork bool
	Unofficial      bool
	NoSoundHardware bool
	Incomplete      bool
}

// A BIOS is one choice among several BIOS ROMs of a machine.
type BIOS struct {
	Name        string
	Description string
	Default     bool
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
	Name     string
	Size     int64
	CRC      uint32 // CRC-32; meaningless if Status is NoDump
	SHA1     string // 20 bytes, or "" if unknown
	Merge    string // its name in the set RomOf, if it is there too
	BIOS     string // belongs to this BIOS choice only
	Region   string // tag of the region it is loaded into
	Offset   uint32 // as MAME lists it: where its first byte lands, before any interleaving
	Status   Dump
	Optional bool
}

// A Disk is a disc or hard disk image (CHD).
type Disk struct {
	Name     string
	SHA1     string
	Merge    string
	Region   string
	Index    string
	Writable bool
	Status   Dump
	Optional bool
}

// A Region is one block of ROM as the machine sees it after loading, in the
// byte order of its bus: with BigEndian, byte 0 is the upper half of word 0.
type Region struct {
	Name      string
	Size      int
	Width     int // bytes of one bus word
	BigEndian bool
	Fill      byte    // bytes that no file reaches
	Pieces    []Piece // applied in order
	Patches   []Patch // constant bytes on top
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
	Name  string
	Tag   string
	Audio bool
	Clock string // Hz, or ""
}

// A Display is a screen. Numbers are in pixels and lines; Refresh is in Hz with
// six decimals, as MAME prints it. PixelClock / (HTotal*VTotal) is exact.
type Display struct {
	Tag        string
	Type       string
	Rotate     int // degrees clockwise to turn the picture by
	HasRotate  bool
	FlipX      bool
	Width      int
	Height     int
	Refresh    string
	PixelClock int64
	HTotal     int
	HBEnd      int
	HBStart    int
	VTotal     int
	VBEnd      int
	VBStart    int
}

// Sound counts loudspeakers.
type Sound struct{ Channels int }

// Input is the summary of a machine's controls.
type Input struct {
	Service  bool
	Tilt     bool
	Players  int
	Coins    int
	Controls []Control
}

// A Control is one control of one player. Numbers are MAME's, "" if it gives none.
type Control struct {
	Type        string
	Player      string
	Buttons     string
	ReqButtons  string
	Minimum     string
	Maximum     string
	Sensitivity string
	KeyDelta    string
	Reverse     bool
	Ways        string
	Ways2       string
	Ways3       string
}

// A Condition says when a switch or one of its values exists: when the port
// Tag, masked, compares with Value.
type Condition struct {
	Tag      string
	Mask     uint32
	Relation string // eq, ne, gt, le, lt or ge
	Value    uint32
}

// A Switch is a DIP switch or a setting: some bits of a port.
type Switch struct {
	Name      string
	Tag       string // of the port
	Mask      uint32
	Condition *Condition
	Locations []Location
	Values    []Value
}

// A Location is one lever of a DIP switch: bank and number.
type Location struct {
	Name     string
	Number   string
	Inverted bool
}

// A Value is one position of a Switch.
type Value struct {
	Name      string
	Value     uint32
	Default   bool
	Condition *Condition
}

// PortMasks has the masks of the analog fields of a port.
type PortMasks struct {
	Tag    string
	Analog []uint32
}

// An Adjuster is a knob on the board.
type Adjuster struct {
	Name      string
	Default   string
	Condition *Condition
}

// A Feature is a part of the machine that MAME does not emulate well.
type Feature struct {
	Type    string
	Status  string
	Overall string
}

// Media is a slot for an image, such as a disc drive.
type Media struct {
	Type       string
	Tag        string
	FixedImage string
	Mandatory  string
	Interface  string
	Instance   string
	BriefName  string
	Extensions []string
}

// A Slot takes one of several devices.
type Slot struct {
	Name    string
	Options []SlotOption
}

// A SlotOption is a device that fits a Slot.
type SlotOption struct {
	Name    string
	Device  string
	Default bool
}

// A SoftwareList names a list of software for a machine.
type SoftwareList struct {
	Tag    string
	Name   string
	Status string
	Filter string
}

// A RAMOption is a choice of memory size.
type RAMOption struct {
	Name    string
	Default string
	Value   string
}

// A Port is what a program reads in one place: buttons, switches, dials.
type Port struct {
	Tag    string
	Idle   uint32 // what it reads when nobody touches anything, as far as MAME can tell
	Fields []Field
}

// A Field is one or more bits of a Port, with MAME's name for them.
type Field struct {
	Name    string
	Type    string // MAME's token: P1_JOYSTICK_UP, P2_BUTTON1, COIN1, START1, DIPSWITCH, DIAL, ...
	Class   string // controller, dipswitch, config, misc or keyboard
	Player  int    // from 1
	Mask    uint32
	Default uint32 // the bits' value at rest: equal to Mask where a button is active low
	Way     int    // 2, 4, 8 or 16 for sticks, else 0
	Analog  *Analog
	Values  []FieldValue // of switches, in ascending order

	Optional bool
	Cocktail bool // sits on the other side of a cocktail table
	Toggle   bool
	Rotated  bool
	Impulse  int // frames that a press lasts, or 0
}

// Analog describes a dial, paddle, stick or trackball. Movement is in the
// units of the port.
type Analog struct {
	Min, Max    int
	Sensitivity int // percent
	Delta       int // per frame, for keys
	CenterDelta int
	Reverse     bool
	Reset       bool // reads how far it moved since the last frame
	Wraps       bool
	Invert      bool
}

// A FieldValue is one position of a switch.
type FieldValue struct {
	Value uint32
	Name  string
}
