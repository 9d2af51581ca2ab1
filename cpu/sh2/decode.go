package sh2

import "sync"

// kind is an instruction, whatever its operands.
type kind uint8

const (
	kIllegal kind = iota // any code that is none
	kMovI
	kMovWPC
	kMovLPC
	kMov
	kStoreB
	kStoreW
	kStoreL
	kLoadB
	kLoadW
	kLoadL
	kStoreBDec
	kStoreWDec
	kStoreLDec
	kLoadBInc
	kLoadWInc
	kLoadLInc
	kStoreBDisp
	kStoreWDisp
	kStoreLDisp
	kLoadBDisp
	kLoadWDisp
	kLoadLDisp
	kStoreBR0
	kStoreWR0
	kStoreLR0
	kLoadBR0
	kLoadWR0
	kLoadLR0
	kStoreBGBR
	kStoreWGBR
	kStoreLGBR
	kLoadBGBR
	kLoadWGBR
	kLoadLGBR
	kMovA
	kMovT
	kSwapB
	kSwapW
	kXtrct
	kAdd
	kAddI
	kAddC
	kAddV
	kCmpEQI
	kCmpEQ
	kCmpHS
	kCmpGE
	kCmpHI
	kCmpGT
	kCmpPZ
	kCmpPL
	kCmpSTR
	kDiv1
	kDiv0S
	kDiv0U
	kDmulsL
	kDmuluL
	kDt
	kExtsB
	kExtsW
	kExtuB
	kExtuW
	kMacL
	kMacW
	kMulL
	kMulsW
	kMuluW
	kNeg
	kNegC
	kSub
	kSubC
	kSubV
	kAnd
	kAndI
	kAndB
	kNot
	kOr
	kOrI
	kOrB
	kTasB
	kTst
	kTstI
	kTstB
	kXor
	kXorI
	kXorB
	kRotL
	kRotR
	kRotCL
	kRotCR
	kShaL
	kShaR
	kShlL
	kShlR
	kShlL2
	kShlR2
	kShlL8
	kShlR8
	kShlL16
	kShlR16
	kBf
	kBfs
	kBt
	kBts
	kBra
	kBraF
	kBsr
	kBsrF
	kJmp
	kJsr
	kRts
	kClrMAC
	kClrT
	kSetT
	kLdcSR
	kLdcGBR
	kLdcVBR
	kPopSR
	kPopGBR
	kPopVBR
	kLdsMACH
	kLdsMACL
	kLdsPR
	kPopMACH
	kPopMACL
	kPopPR
	kNop
	kRte
	kSleep
	kStcSR
	kStcGBR
	kStcVBR
	kPushSR
	kPushGBR
	kPushVBR
	kStsMACH
	kStsMACL
	kStsPR
	kPushMACH
	kPushMACL
	kPushPR
	kTrapa
	// Not instructions, but ops of blocks that make accesses.
	kLoadWAbs
	kLoadLAbs

	kinds // how many there are
)

// form is where in an opcode an instruction's operands are.
type form uint8

const (
	form0   form = iota
	formN        // Rn in bits 11-8
	formNM       // Rn in bits 11-8, Rm in 7-4
	formNMD      // the same and a displacement of longs in 3-0
	formI        // Rn in bits 11-8, a signed number in 7-0
	formU        // an unsigned number in bits 7-0
	formT        // the same, the number of a vector
	formPCW      // Rn in bits 11-8, a displacement of words in 7-0
	formPCL      // the same, of longs
	formPCA      // R0, a displacement of longs in bits 7-0
	formSD1      // R0 to bits 7-4 with a displacement of bytes in 3-0
	formSD2      // the same, of words
	formLD1      // R0 from bits 7-4 with a displacement of bytes in 3-0
	formLD2      // the same, of words
	formG1       // R0, a displacement of bytes in bits 7-0
	formG2       // the same, of words
	formG4       // the same, of longs
	formB8       // a signed displacement of words in bits 7-0
	formB12      // the same in bits 11-0
)

// Properties of instructions.
const (
	fRN      = 1 << iota // reads Rn
	fRM                  // reads Rm
	fR0                  // reads R0 beside them
	fRPR                 // reads PR
	fWN                  // writes Rn
	fWM                  // writes Rm
	fW0                  // writes R0
	fWPR                 // writes PR
	fWT                  // writes T
	fMem                 // accesses memory
	fAlu                 // does nothing else than to compute
	fMul                 // keeps the multiplier busy
	fMac                 // waits for the multiplier
	fPcRel               // uses PC
	fBranch              // not allowed in a delay slot
	fSpecial             // changes more than the registers: not in blocks
	fShield              // no interrupt is accepted right after it
)

// instruction is a row of the table of instructions.
type instruction struct {
	match, mask uint16 // codes that MAME takes for it
	exact       uint16 // the mask of the manual
	syntax      string // in MAME's style; see Disassemble
	form        form
	fn          handler
	mame        uint8 // clock cycles in MAME; branches: not taken
	manual      uint8 // clock cycles in the manual, without waiting
	flags       uint32
}

// instructions is the SH-2's set (SH-1/SH-2 programming manual, section 5;
// SH7604 manual, appendix A.1, for the cycles).
var instructions = [...]instruction{
	kIllegal:    {0, 0, 0, "??????  c", form0, illegal, 6, 6, fBranch | fSpecial | fMem},
	kMovI:       {0xE000, 0xF000, 0xF000, "MOV     #i,n", formI, movI, 1, 1, fWN},
	kMovWPC:     {0x9000, 0xF000, 0xF000, "MOV.W   pcw,n", formPCW, movWPC, 1, 1, fWN | fMem | fPcRel},
	kMovLPC:     {0xD000, 0xF000, 0xF000, "MOV.L   pcl,n", formPCL, movLPC, 1, 1, fWN | fMem | fPcRel},
	kMov:        {0x6003, 0xF00F, 0xF00F, "MOV     m,n", formNM, mov, 1, 1, fRM | fWN},
	kStoreB:     {0x2000, 0xF00F, 0xF00F, "MOV.B   m,@n", formNM, storeBat, 1, 1, fRM | fRN | fMem},
	kStoreW:     {0x2001, 0xF00F, 0xF00F, "MOV.W   m,@n", formNM, storeWat, 1, 1, fRM | fRN | fMem},
	kStoreL:     {0x2002, 0xF00F, 0xF00F, "MOV.L   m,@n", formNM, storeLat, 1, 1, fRM | fRN | fMem},
	kLoadB:      {0x6000, 0xF00F, 0xF00F, "MOV.B   @m,n", formNM, loadBat, 1, 1, fRM | fWN | fMem},
	kLoadW:      {0x6001, 0xF00F, 0xF00F, "MOV.W   @m,n", formNM, loadWat, 1, 1, fRM | fWN | fMem},
	kLoadL:      {0x6002, 0xF00F, 0xF00F, "MOV.L   @m,n", formNM, loadLat, 1, 1, fRM | fWN | fMem},
	kStoreBDec:  {0x2004, 0xF00F, 0xF00F, "MOV.B   m,@-n", formNM, storeBdec, 1, 1, fRM | fRN | fWN | fMem},
	kStoreWDec:  {0x2005, 0xF00F, 0xF00F, "MOV.W   m,@-n", formNM, storeWdec, 1, 1, fRM | fRN | fWN | fMem},
	kStoreLDec:  {0x2006, 0xF00F, 0xF00F, "MOV.L   m,@-n", formNM, storeLdec, 1, 1, fRM | fRN | fWN | fMem},
	kLoadBInc:   {0x6004, 0xF00F, 0xF00F, "MOV.B   @m+,n", formNM, loadBinc, 1, 1, fRM | fWM | fWN | fMem},
	kLoadWInc:   {0x6005, 0xF00F, 0xF00F, "MOV.W   @m+,n", formNM, loadWinc, 1, 1, fRM | fWM | fWN | fMem},
	kLoadLInc:   {0x6006, 0xF00F, 0xF00F, "MOV.L   @m+,n", formNM, loadLinc, 1, 1, fRM | fWM | fWN | fMem},
	kStoreBDisp: {0x8000, 0xFF00, 0xFF00, "MOV.B   R0,@(d2,m)", formSD1, storeBdisp, 1, 1, fR0 | fRN | fMem},
	kStoreWDisp: {0x8100, 0xFF00, 0xFF00, "MOV.W   R0,@(d2,m)", formSD2, storeWdisp, 1, 1, fR0 | fRN | fMem},
	kStoreLDisp: {0x1000, 0xF000, 0xF000, "MOV.L   m,@(d2,n)", formNMD, storeLdisp, 1, 1, fRM | fRN | fMem},
	kLoadBDisp:  {0x8400, 0xFF00, 0xFF00, "MOV.B   @(d2,m),R0", formLD1, loadBdisp, 1, 1, fRM | fW0 | fMem},
	kLoadWDisp:  {0x8500, 0xFF00, 0xFF00, "MOV.W   @(d2,m),R0", formLD2, loadWdisp, 1, 1, fRM | fW0 | fMem},
	kLoadLDisp:  {0x5000, 0xF000, 0xF000, "MOV.L   @(d2,m),n", formNMD, loadLdisp, 1, 1, fRM | fWN | fMem},
	kStoreBR0:   {0x0004, 0xF00F, 0xF00F, "MOV.B   m,@(R0,n)", formNM, storeBindex, 1, 1, fR0 | fRM | fRN | fMem},
	kStoreWR0:   {0x0005, 0xF00F, 0xF00F, "MOV.W   m,@(R0,n)", formNM, storeWindex, 1, 1, fR0 | fRM | fRN | fMem},
	kStoreLR0:   {0x0006, 0xF00F, 0xF00F, "MOV.L   m,@(R0,n)", formNM, storeLindex, 1, 1, fR0 | fRM | fRN | fMem},
	kLoadBR0:    {0x000C, 0xF00F, 0xF00F, "MOV.B   @(R0,m),n", formNM, loadBindex, 1, 1, fR0 | fRM | fWN | fMem},
	kLoadWR0:    {0x000D, 0xF00F, 0xF00F, "MOV.W   @(R0,m),n", formNM, loadWindex, 1, 1, fR0 | fRM | fWN | fMem},
	kLoadLR0:    {0x000E, 0xF00F, 0xF00F, "MOV.L   @(R0,m),n", formNM, loadLindex, 1, 1, fR0 | fRM | fWN | fMem},
	kStoreBGBR:  {0xC000, 0xFF00, 0xFF00, "MOV.B   R0,@(d2,GBR)", formG1, storeBgbr, 1, 1, fR0 | fMem},
	kStoreWGBR:  {0xC100, 0xFF00, 0xFF00, "MOV.W   R0,@(d4,GBR)", formG2, storeWgbr, 1, 1, fR0 | fMem},
	kStoreLGBR:  {0xC200, 0xFF00, 0xFF00, "MOV.L   R0,@(d4,GBR)", formG4, storeLgbr, 1, 1, fR0 | fMem},
	kLoadBGBR:   {0xC400, 0xFF00, 0xFF00, "MOV.B   @(d2,GBR),R0", formG1, loadBgbr, 1, 1, fW0 | fMem},
	kLoadWGBR:   {0xC500, 0xFF00, 0xFF00, "MOV.W   @(d4,GBR),R0", formG2, loadWgbr, 1, 1, fW0 | fMem},
	kLoadLGBR:   {0xC600, 0xFF00, 0xFF00, "MOV.L   @(d4,GBR),R0", formG4, loadLgbr, 1, 1, fW0 | fMem},
	kMovA:       {0xC700, 0xFF00, 0xFF00, "MOVA    pcl,R0", formPCA, movA, 1, 1, fW0 | fAlu | fPcRel},
	kMovT:       {0x0029, 0xF03F, 0xF0FF, "MOVT    n", formN, movt, 1, 1, fWN | fAlu},
	kSwapB:      {0x6008, 0xF00F, 0xF00F, "SWAP.B  m,n", formNM, swapB, 1, 1, fRM | fWN | fAlu},
	kSwapW:      {0x6009, 0xF00F, 0xF00F, "SWAP.W  m,n", formNM, swapW, 1, 1, fRM | fWN | fAlu},
	kXtrct:      {0x200D, 0xF00F, 0xF00F, "XTRCT   m,n", formNM, xtrct, 1, 1, fRM | fRN | fWN | fAlu},
	kAdd:        {0x300C, 0xF00F, 0xF00F, "ADD     m,n", formNM, add, 1, 1, fRM | fRN | fWN | fAlu},
	kAddI:       {0x7000, 0xF000, 0xF000, "ADD     #i,n", formI, addI, 1, 1, fRN | fWN | fAlu},
	kAddC:       {0x300E, 0xF00F, 0xF00F, "ADDC    m,n", formNM, addc, 1, 1, fRM | fRN | fWN | fWT | fAlu},
	kAddV:       {0x300F, 0xF00F, 0xF00F, "ADDV    m,n", formNM, addv, 1, 1, fRM | fRN | fWN | fWT | fAlu},
	kCmpEQI:     {0x8800, 0xFF00, 0xFF00, "CMP/EQ  #i,R0", formI, cmpEQI, 1, 1, fR0 | fWT | fAlu},
	kCmpEQ:      {0x3000, 0xF00F, 0xF00F, "CMP/EQ  m,n", formNM, cmpEQ, 1, 1, fRM | fRN | fWT | fAlu},
	kCmpHS:      {0x3002, 0xF00F, 0xF00F, "CMP/HS  m,n", formNM, cmpHS, 1, 1, fRM | fRN | fWT | fAlu},
	kCmpGE:      {0x3003, 0xF00F, 0xF00F, "CMP/GE  m,n", formNM, cmpGE, 1, 1, fRM | fRN | fWT | fAlu},
	kCmpHI:      {0x3006, 0xF00F, 0xF00F, "CMP/HI  m,n", formNM, cmpHI, 1, 1, fRM | fRN | fWT | fAlu},
	kCmpGT:      {0x3007, 0xF00F, 0xF00F, "CMP/GT  m,n", formNM, cmpGT, 1, 1, fRM | fRN | fWT | fAlu},
	kCmpPZ:      {0x4011, 0xF03F, 0xF0FF, "CMP/PZ  n", formN, cmpPZ, 1, 1, fRN | fWT | fAlu},
	kCmpPL:      {0x4015, 0xF03F, 0xF0FF, "CMP/PL  n", formN, cmpPL, 1, 1, fRN | fWT | fAlu},
	kCmpSTR:     {0x200C, 0xF00F, 0xF00F, "CMP/STR m,n", formNM, cmpSTR, 1, 1, fRM | fRN | fWT | fAlu},
	kDiv1:       {0x3004, 0xF00F, 0xF00F, "DIV1    m,n", formNM, div1, 1, 1, fRM | fRN | fWN | fWT | fAlu},
	kDiv0S:      {0x2007, 0xF00F, 0xF00F, "DIV0S   m,n", formNM, div0S, 1, 1, fRM | fRN | fWT | fAlu},
	kDiv0U:      {0x0019, 0xF03F, 0xFFFF, "DIV0U", form0, div0U, 1, 1, fWT | fAlu},
	kDmulsL:     {0x300D, 0xF00F, 0xF00F, "DMULS.L m,n", formNM, dmulsL, 2, 2, fRM | fRN | fMul},
	kDmuluL:     {0x3005, 0xF00F, 0xF00F, "DMULU.L m,n", formNM, dmuluL, 2, 2, fRM | fRN | fMul},
	kDt:         {0x4010, 0xF03F, 0xF0FF, "DT      n", formN, dt, 1, 1, fRN | fWN | fWT | fAlu},
	kExtsB:      {0x600E, 0xF00F, 0xF00F, "EXTS.B  m,n", formNM, extsB, 1, 1, fRM | fWN | fAlu},
	kExtsW:      {0x600F, 0xF00F, 0xF00F, "EXTS.W  m,n", formNM, extsW, 1, 1, fRM | fWN | fAlu},
	kExtuB:      {0x600C, 0xF00F, 0xF00F, "EXTU.B  m,n", formNM, extuB, 1, 1, fRM | fWN | fAlu},
	kExtuW:      {0x600D, 0xF00F, 0xF00F, "EXTU.W  m,n", formNM, extuW, 1, 1, fRM | fWN | fAlu},
	kMacL:       {0x000F, 0xF00F, 0xF00F, "MAC.L   @n+,@m+", formNM, macL, 3, 3, fRM | fRN | fWM | fWN | fMem | fMul},
	kMacW:       {0x400F, 0xF00F, 0xF00F, "MAC.W   @m+,@n+", formNM, macW, 3, 3, fRM | fRN | fWM | fWN | fMem | fMul},
	kMulL:       {0x0007, 0xF00F, 0xF00F, "MUL.L   m,n", formNM, mulL, 2, 2, fRM | fRN | fMul},
	kMulsW:      {0x200F, 0xF00F, 0xF00F, "MULS.W  m,n", formNM, mulsW, 1, 1, fRM | fRN | fMul},
	kMuluW:      {0x200E, 0xF00F, 0xF00F, "MULU.W  m,n", formNM, muluW, 1, 1, fRM | fRN | fMul},
	kNeg:        {0x600B, 0xF00F, 0xF00F, "NEG     m,n", formNM, neg, 1, 1, fRM | fWN | fAlu},
	kNegC:       {0x600A, 0xF00F, 0xF00F, "NEGC    m,n", formNM, negc, 1, 1, fRM | fWN | fWT | fAlu},
	kSub:        {0x3008, 0xF00F, 0xF00F, "SUB     m,n", formNM, sub, 1, 1, fRM | fRN | fWN | fAlu},
	kSubC:       {0x300A, 0xF00F, 0xF00F, "SUBC    m,n", formNM, subc, 1, 1, fRM | fRN | fWN | fWT | fAlu},
	kSubV:       {0x300B, 0xF00F, 0xF00F, "SUBV    m,n", formNM, subv, 1, 1, fRM | fRN | fWN | fWT | fAlu},
	kAnd:        {0x2009, 0xF00F, 0xF00F, "AND     m,n", formNM, and, 1, 1, fRM | fRN | fWN | fAlu},
	kAndI:       {0xC900, 0xFF00, 0xFF00, "AND     #i,R0", formU, andI, 1, 1, fR0 | fW0 | fAlu},
	kAndB:       {0xCD00, 0xFF00, 0xFF00, "AND.B   #i,@(R0,GBR)", formU, andB, 3, 3, fR0 | fMem},
	kNot:        {0x6007, 0xF00F, 0xF00F, "NOT     m,n", formNM, not, 1, 1, fRM | fWN | fAlu},
	kOr:         {0x200B, 0xF00F, 0xF00F, "OR      m,n", formNM, or, 1, 1, fRM | fRN | fWN | fAlu},
	kOrI:        {0xCB00, 0xFF00, 0xFF00, "OR      #i,R0", formU, orI, 3, 1, fR0 | fW0 | fAlu},
	kOrB:        {0xCF00, 0xFF00, 0xFF00, "OR.B    #i,@(R0,GBR)", formU, orB, 1, 3, fR0 | fMem},
	kTasB:       {0x401B, 0xF03F, 0xF0FF, "TAS     n", formN, tasB, 4, 4, fRN | fWT | fMem},
	kTst:        {0x2008, 0xF00F, 0xF00F, "TST     m,n", formNM, tst, 1, 1, fRM | fRN | fWT | fAlu},
	kTstI:       {0xC800, 0xFF00, 0xFF00, "TST     #i,R0", formU, tstI, 1, 1, fR0 | fWT | fAlu},
	kTstB:       {0xCC00, 0xFF00, 0xFF00, "TST.B   #i,@(R0,GBR)", formU, tstB, 3, 3, fR0 | fWT | fMem},
	kXor:        {0x200A, 0xF00F, 0xF00F, "XOR     m,n", formNM, xor, 1, 1, fRM | fRN | fWN | fAlu},
	kXorI:       {0xCA00, 0xFF00, 0xFF00, "XOR     #i,R0", formU, xorI, 1, 1, fR0 | fW0 | fAlu},
	kXorB:       {0xCE00, 0xFF00, 0xFF00, "XOR.B   #i,@(R0,GBR)", formU, xorB, 3, 3, fR0 | fMem},
	kRotL:       {0x4004, 0xF03F, 0xF0FF, "ROTL    n", formN, rotl, 1, 1, fRN | fWN | fWT | fAlu},
	kRotR:       {0x4005, 0xF03F, 0xF0FF, "ROTR    n", formN, rotr, 1, 1, fRN | fWN | fWT | fAlu},
	kRotCL:      {0x4024, 0xF03F, 0xF0FF, "ROTCL   n", formN, rotcl, 1, 1, fRN | fWN | fWT | fAlu},
	kRotCR:      {0x4025, 0xF03F, 0xF0FF, "ROTCR   n", formN, rotcr, 1, 1, fRN | fWN | fWT | fAlu},
	kShaL:       {0x4020, 0xF03F, 0xF0FF, "SHAL    n", formN, shll, 1, 1, fRN | fWN | fWT | fAlu},
	kShaR:       {0x4021, 0xF03F, 0xF0FF, "SHAR    n", formN, shar, 1, 1, fRN | fWN | fWT | fAlu},
	kShlL:       {0x4000, 0xF03F, 0xF0FF, "SHLL    n", formN, shll, 1, 1, fRN | fWN | fWT | fAlu},
	kShlR:       {0x4001, 0xF03F, 0xF0FF, "SHLR    n", formN, shlr, 1, 1, fRN | fWN | fWT | fAlu},
	kShlL2:      {0x4008, 0xF03F, 0xF0FF, "SHLL2   n", formN, shll2, 1, 1, fRN | fWN | fAlu},
	kShlR2:      {0x4009, 0xF03F, 0xF0FF, "SHLR2   n", formN, shlr2, 1, 1, fRN | fWN | fAlu},
	kShlL8:      {0x4018, 0xF03F, 0xF0FF, "SHLL8   n", formN, shll8, 1, 1, fRN | fWN | fAlu},
	kShlR8:      {0x4019, 0xF03F, 0xF0FF, "SHLR8   n", formN, shlr8, 1, 1, fRN | fWN | fAlu},
	kShlL16:     {0x4028, 0xF03F, 0xF0FF, "SHLL16  n", formN, shll16, 1, 1, fRN | fWN | fAlu},
	kShlR16:     {0x4029, 0xF03F, 0xF0FF, "SHLR16  n", formN, shlr16, 1, 1, fRN | fWN | fAlu},
	kBf:         {0x8B00, 0xFF00, 0xFF00, "BF      b8", formB8, bf, 1, 1, fBranch},
	kBfs:        {0x8F00, 0xFF00, 0xFF00, "BFS     b8", formB8, bfs, 1, 1, fBranch},
	kBt:         {0x8900, 0xFF00, 0xFF00, "BT      b8", formB8, bt, 1, 1, fBranch},
	kBts:        {0x8D00, 0xFF00, 0xFF00, "BTS     b8", formB8, bts, 1, 1, fBranch},
	kBra:        {0xA000, 0xF000, 0xF000, "BRA     b12", formB12, bra, 2, 2, fBranch},
	kBraF:       {0x0023, 0xF03F, 0xF0FF, "BRAF    n", formN, braf, 2, 2, fRN | fBranch},
	kBsr:        {0xB000, 0xF000, 0xF000, "BSR     b12", formB12, bsr, 2, 2, fBranch},
	kBsrF:       {0x0003, 0xF03F, 0xF0FF, "BSRF    n", formN, bsrf, 2, 2, fRN | fBranch},
	kJmp:        {0x402B, 0xF03F, 0xF0FF, "JMP     n", formN, jmp, 1, 2, fRN | fBranch},
	kJsr:        {0x400B, 0xF03F, 0xF0FF, "JSR     n", formN, jsr, 2, 2, fRN | fBranch},
	kRts:        {0x000B, 0xF03F, 0xFFFF, "RTS", form0, rts, 2, 2, fBranch},
	kClrMAC:     {0x0028, 0xF03F, 0xFFFF, "CLRMAC", form0, clrMAC, 1, 1, fMac},
	kClrT:       {0x0008, 0xF03F, 0xFFFF, "CLRT", form0, clrT, 1, 1, fWT | fAlu},
	kSetT:       {0x0018, 0xF03F, 0xFFFF, "SETT", form0, setT, 1, 1, fWT | fAlu},
	kLdcSR:      {0x400E, 0xF03F, 0xF0FF, "LDC     n,SR", formN, ldcSR, 1, 1, fRN | fWT | fSpecial | fShield},
	kLdcGBR:     {0x401E, 0xF03F, 0xF0FF, "LDC     n,GBR", formN, ldcGBR, 1, 1, fRN | fShield},
	kLdcVBR:     {0x402E, 0xF03F, 0xF0FF, "LDC     n,VBR", formN, ldcVBR, 1, 1, fRN | fShield},
	kPopSR:      {0x4007, 0xF03F, 0xF0FF, "LDC.L   @n+,SR", formN, popSR, 3, 3, fRN | fWN | fWT | fMem | fSpecial | fShield},
	kPopGBR:     {0x4017, 0xF03F, 0xF0FF, "LDC.L   @n+,GBR", formN, popGBR, 3, 3, fRN | fWN | fMem | fShield},
	kPopVBR:     {0x4027, 0xF03F, 0xF0FF, "LDC.L   @n+,VBR", formN, popVBR, 3, 3, fRN | fWN | fMem | fShield},
	kLdsMACH:    {0x400A, 0xF03F, 0xF0FF, "LDS     n,MACH", formN, ldsMACH, 1, 1, fRN | fMac | fShield},
	kLdsMACL:    {0x401A, 0xF03F, 0xF0FF, "LDS     n,MACL", formN, ldsMACL, 1, 1, fRN | fMac | fShield},
	kLdsPR:      {0x402A, 0xF03F, 0xF0FF, "LDS     n,PR", formN, ldsPR, 1, 1, fRN | fWPR | fShield},
	kPopMACH:    {0x4006, 0xF03F, 0xF0FF, "LDS.L   @n+,MACH", formN, popMACH, 1, 1, fRN | fWN | fMem | fMac | fShield},
	kPopMACL:    {0x4016, 0xF03F, 0xF0FF, "LDS.L   @n+,MACL", formN, popMACL, 1, 1, fRN | fWN | fMem | fMac | fShield},
	kPopPR:      {0x4026, 0xF03F, 0xF0FF, "LDS.L   @n+,PR", formN, popPR, 1, 1, fRN | fWN | fMem | fWPR | fShield},
	kNop:        {0x0009, 0xF03F, 0xFFFF, "NOP", form0, nop, 1, 1, fAlu},
	kRte:        {0x002B, 0xF03F, 0xFFFF, "RTE", form0, rte, 4, 4, fBranch | fSpecial | fMem},
	kSleep:      {0x001B, 0xF03F, 0xFFFF, "SLEEP", form0, sleep, 3, 3, fSpecial},
	kStcSR:      {0x0002, 0xF03F, 0xF0FF, "STC     SR,n", formN, stcSR, 1, 1, fWN | fShield},
	kStcGBR:     {0x0012, 0xF03F, 0xF0FF, "STS     GBR,n", formN, stcGBR, 1, 1, fWN | fShield},
	kStcVBR:     {0x0022, 0xF03F, 0xF0FF, "STC     VBR,n", formN, stcVBR, 1, 1, fWN | fShield},
	kPushSR:     {0x4003, 0xF03F, 0xF0FF, "STC.L   SR,@-n", formN, pushSR, 2, 2, fRN | fWN | fMem | fShield},
	kPushGBR:    {0x4013, 0xF03F, 0xF0FF, "STC.L   GBR,@-n", formN, pushGBR, 2, 2, fRN | fWN | fMem | fShield},
	kPushVBR:    {0x4023, 0xF03F, 0xF0FF, "STC.L   VBR,@-n", formN, pushVBR, 2, 2, fRN | fWN | fMem | fShield},
	kStsMACH:    {0x000A, 0xF03F, 0xF0FF, "STS     MACH,n", formN, stsMACH, 1, 1, fWN | fMac | fShield},
	kStsMACL:    {0x001A, 0xF03F, 0xF0FF, "STS     MACL,n", formN, stsMACL, 1, 1, fWN | fMac | fShield},
	kStsPR:      {0x002A, 0xF03F, 0xF0FF, "STS     PR,n", formN, stsPR, 1, 1, fWN | fRPR | fShield},
	kPushMACH:   {0x4002, 0xF03F, 0xF0FF, "STS.L   MACH,@-n", formN, pushMACH, 1, 1, fRN | fWN | fMem | fMac | fShield},
	kPushMACL:   {0x4012, 0xF03F, 0xF0FF, "STS.L   MACL,@-n", formN, pushMACL, 1, 1, fRN | fWN | fMem | fMac | fShield},
	kPushPR:     {0x4022, 0xF03F, 0xF0FF, "STS.L   PR,@-n", formN, pushPR, 1, 1, fRN | fWN | fMem | fRPR | fShield},
	kTrapa:      {0xC300, 0xFF00, 0xFF00, "TRAPA   #i", formT, trapa, 8, 8, fBranch | fSpecial | fMem}}

// accesses describes the loads and stores that have a fast path, for the other
// one.
var accesses = [256]access{
	kStoreB: {byN, 1, true, 0}, kStoreW: {byN, 2, true, 0}, kStoreL: {byN, 4, true, 0},
	kStoreBDec: {byNDec, 1, true, 0}, kStoreWDec: {byNDec, 2, true, 0}, kStoreLDec: {byNDec, 4, true, 0},
	kStoreBDisp: {byNDisp, 1, true, 0}, kStoreWDisp: {byNDisp, 2, true, 0}, kStoreLDisp: {byNDisp, 4, true, 0},
	kStoreBR0: {byN0, 1, true, 0}, kStoreWR0: {byN0, 2, true, 0}, kStoreLR0: {byN0, 4, true, 0},
	kStoreBGBR: {byGBR, 1, true, 0}, kStoreWGBR: {byGBR, 2, true, 0}, kStoreLGBR: {byGBR, 4, true, 0},

	kLoadB: {byM, 1, false, 0}, kLoadW: {byM, 2, false, 0}, kLoadL: {byM, 4, false, 0},
	kLoadBInc: {byMInc, 1, false, 0}, kLoadWInc: {byMInc, 2, false, 0}, kLoadLInc: {byMInc, 4, false, 0},
	kLoadBDisp: {byMDisp, 1, false, 0}, kLoadWDisp: {byMDisp, 2, false, 0}, kLoadLDisp: {byMDisp, 4, false, 0},
	kLoadBR0: {byM0, 1, false, 0}, kLoadWR0: {byM0, 2, false, 0}, kLoadLR0: {byM0, 4, false, 0},
	kLoadBGBR: {byGBR, 1, false, 0}, kLoadWGBR: {byGBR, 2, false, 0}, kLoadLGBR: {byGBR, 4, false, 0},
	kMovWPC: {byPC, 2, false, 0}, kMovLPC: {byPC, 4, false, 0},
	kLoadWAbs: {byAbs, 2, false, 0}, kLoadLAbs: {byAbs, 4, false, 0},

	kPopGBR: {byNInc, 4, false, regGBR}, kPopVBR: {byNInc, 4, false, regVBR},
	kPopMACH: {byNInc, 4, false, regMACH}, kPopMACL: {byNInc, 4, false, regMACL}, kPopPR: {byNInc, 4, false, regPR},
	kPushSR: {byNDec, 4, true, regSR}, kPushGBR: {byNDec, 4, true, regGBR}, kPushVBR: {byNDec, 4, true, regVBR},
	kPushMACH: {byNDec, 4, true, regMACH}, kPushMACL: {byNDec, 4, true, regMACL}, kPushPR: {byNDec, 4, true, regPR},
}

// kindOf finds the instruction of an opcode.
func kindOf(code uint16, exact bool) kind {
	for k := range instructions[1:] {
		in := &instructions[k+1]
		mask := in.mask
		if exact {
			mask = in.exact
		}
		if code&mask == in.match {
			return kind(k + 1)
		}
	}
	return kIllegal
}

// decode takes an opcode apart.
func decode(code uint16, k kind) op {
	in := &instructions[k]
	o := op{fn: in.fn, k: k}
	n, m := uint8(code>>8&15)*4, uint8(code>>4&15)*4
	low, nibble := uint32(code&0xff), uint32(code&15)
	switch in.form {
	case formN:
		o.n = n
	case formNM:
		o.n, o.m = n, m
	case formNMD:
		o.n, o.m, o.imm = n, m, nibble*4
	case formI:
		o.imm = extB(low)
		if k != kCmpEQI {
			o.n = n
		}
	case formU:
		o.imm = low
	case formT:
		o.imm = low * 4
	case formPCW:
		o.n, o.imm = n, low*2
	case formPCL:
		o.n, o.imm = n, low*4
	case formPCA:
		o.imm = low * 4
	case formSD1:
		o.n, o.imm = m, nibble
	case formSD2:
		o.n, o.imm = m, nibble*2
	case formLD1:
		o.m, o.imm = m, nibble
	case formLD2:
		o.m, o.imm = m, nibble*2
	case formG1:
		o.imm = low
	case formG2:
		o.imm = low * 2
	case formG4:
		o.imm = low * 4
	case formB8:
		o.imm = extB(low) * 2
	case formB12:
		o.imm = uint32(int32(code) << 20 >> 19)
	}
	return o
}

// opTable has an op for each opcode, and one more for next to point at.
type opTable [0x10001]op

// cycleTable has the clock cycles of each kind.
type cycleTable [256]uint8

// opTables gives the tables of a model.
var opTables = [2]func() *opTable{
	MAME:   sync.OnceValue(func() *opTable { return makeOpTable(false) }),
	Manual: sync.OnceValue(func() *opTable { return makeOpTable(true) }),
}

func makeOpTable(exact bool) *opTable {
	t := new(opTable)
	for code := range 0x10000 {
		t[code] = decode(uint16(code), kindOf(uint16(code), exact))
	}
	return t
}

func cyclesOf(model uint8) *cycleTable {
	t := new(cycleTable)
	for k := range instructions {
		t[k] = instructions[k].mame
		if model == Manual {
			t[k] = instructions[k].manual
		}
	}
	t[kLoadWAbs], t[kLoadLAbs] = t[kMovWPC], t[kMovLPC]
	return t
}
