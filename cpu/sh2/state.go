package sh2

import "math"

// Bits of SR (SH7604 hardware manual, section 2.1.2). T is kept apart from the
// others.
const (
	srT = 0x001 // true/false, carry, borrow
	srS = 0x002 // saturation of MAC
	srI = 0x0f0 // interrupt mask
	srQ = 0x100 // divide step
	srM = 0x200 // divide step

	srBits = 0x3f3 // the bits that exist
	srHigh = srBits &^ srT
)

// Values of State.Model, which is a setting: Reset leaves it alone.
const (
	// MAME is the behaviour of MAME 0.251's interpreter, cycle for cycle: no
	// pipeline stalls, no cache, no address errors. Boards whose pictures are
	// compared with MAME's need it.
	MAME = 0
	// Manual is the SH7604 manual's behaviour: pipeline stalls with everything
	// in the cache, address errors, illegal slot instructions, the division
	// unit's time. The table in the package's documentation says what is
	// missing.
	Manual = 1
)

// never is the time of an event that is not due.
const never = math.MaxInt64

// State is everything in an SH7604 that changes.
type State struct {
	R    [16]uint32
	Time int64 // clock cycles since power-on

	FRTBase  int64 // when FRC was brought up to date
	FRTEvent int64 // when FRC's next compare match or overflow is due, or never
	WDTEvent int64 // when WTCNT overflows, or never
	DMAEvent [2]int64
	MACReady int64 // when the multiplier is free (Manual)
	DIVReady int64 // when the division unit is (Manual)

	PC         uint32 // of the next instruction
	Delay      uint32 // where the delayed branch goes after it; 0 unless Delayed
	T          uint32 // 0 or 1
	SR         uint32 // without T
	PR         uint32
	GBR, VBR   uint32
	MACH, MACL uint32

	DMA [2]DMAChannel

	// The division unit. DVDNT is another name of DVDNTL.
	DVSR, DVDNTH, DVDNTL uint32
	DVCR, VCRDIV         uint32

	VCRDMA                  [2]uint32
	DMAOR                   uint32
	BCR1, BCR2, WCR, MCR    uint32
	RTCSR, RTCNT, RTCOR     uint32
	Wires                   uint32 // bit n: the board asserts interrupt level n; bit 16: NMI
	Lines                   uint32 // the same, as the CPU has seen it
	FRC, OCRA, OCRB, ICR    uint16 // ICR is the FRT's
	INTCICR                 uint16 // ICR of the INTC
	IPRA, IPRB              uint16
	VCRA, VCRB, VCRC, VCRD  uint16
	VCRWDT                  uint16
	WTCSRKey, RSTCSRKey     uint16 // last words written, of which a byte write changes half
	BARAH, BARAL            uint16
	BARBH, BARBL            uint16
	TIER, FTCSR, TCR, TOCR  uint8
	FTI                     uint8 // level of the input capture pin
	WTCNT, WTCSR, RSTCSR    uint8
	SBYCR, CCR              uint8
	SMR, BRR, SCR, TDR, SSR uint8
	Delayed                 uint8 // 1: the instruction at PC is in a delay slot
	Sleep                   uint8 // 0 runs, 1 sleeps, 2 leaves SLEEP after an exception
	TestIRQ                 uint8 // 1: requests are looked at after the next instruction
	PendingNMI              uint8
	InternalLevel           int8  // of the module that requests; -1: served
	InternalVector          uint8 // its vector
	Model                   uint8 // MAME or Manual
	Loading                 uint8 // register that the last instruction loaded, else 16 (Manual)
	Shielded                uint8 // 1: no interrupt before the next instruction (Manual)
	Halted                  uint8 // bit n: DMA channel n has stopped the CPU
	Spare                   [3]uint8
}

// DMAChannel is a channel of the DMA controller: its registers, and the
// transfer that is under way.
type DMAChannel struct {
	SAR, DAR, TCR, CHCR uint32
	Source, Dest, Count uint32
	DRCR                uint8
	Active              uint8 // 0 idle, 1 running, 2 waits for a request
	Mode                uint8 // as CHCR 15-10 were at the start
	Requests            uint8 // 1: the end has not yet been reported as an interrupt
}

// StatusRegister is SR as programs see it.
func (s *State) StatusRegister() uint32 { return s.SR | s.T }

// SetStatusRegister loads SR, for tests and debuggers.
func (s *State) SetStatusRegister(v uint32) { s.SR, s.T = v&srHigh, v&srT }
