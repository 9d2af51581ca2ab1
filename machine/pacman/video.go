package pacman

import (
	"arcade/machine"
	"arcade/video"
)

// The visible picture, as the tube is scanned: the cabinet's monitor is turned
// by 90 degrees.
const (
	screenW = 288
	screenH = 224
	columns = screenW / 8
	rows    = screenH / 8
)

// graphics is what is derived from the graphics ROMs and PROMs.
type graphics struct {
	// quads has the four pixels of each byte of tile ROM in each palette.
	quads [32][256][4]uint32
	// pens is the colour of a palette's four entries.
	pens [32][4]uint32
	// clear has a bit for every entry of a palette that is transparent in
	// sprites: its colour is number 0 of the colour PROM.
	clear [32]uint8
	// cell is the place in tile RAM of each column and row.
	cell [rows][columns]uint16

	tiles   [256][8][2]uint8 // the two bytes of each line, left to right
	sprites [64][16][16]uint8
}

// Resistor networks of the colour PROM's outputs: the sum of 255 times each
// bit's share of the conductance, rounded to the nearest integer. Red and
// green have 1000, 470 and 220 ohms, blue has 470 and 220.
var (
	level3 = [8]uint32{0, 33, 71, 104, 151, 184, 222, 255}
	level2 = [4]uint32{0, 81, 174, 255}
)

func (g *graphics) build(c *machine.Config, s *set) error {
	proms, err := c.Region("proms", 0x120)
	if err != nil {
		return err
	}
	rom, err := c.Region("gfx1", 0)
	if err != nil {
		return err
	}
	if len(rom) < 0x2000 { // some sets have more, which the board does not see
		return c.RegionTooSmall("gfx1", len(rom), 0x2000)
	}

	var colours [32]uint32
	for i := range colours {
		p := proms[i]
		red, green, blue := level3[p&7], level3[p>>3&7], level2[p>>6]
		if s.swapGreenBlue {
			blue, green = level3[p>>3&7], level2[p>>6]
		}
		colours[i] = red<<16 | green<<8 | blue
	}
	for p := range g.pens {
		for q := range 4 {
			n := proms[0x20+4*p+q] & 15
			g.pens[p][q] = colours[n]
			if n == 0 {
				g.clear[p] |= 1 << q
			}
		}
		for b := range 256 {
			for x := range 4 {
				g.quads[p][b][x] = g.pens[p][pixel(byte(b), x)]
			}
		}
	}

	// A byte holds four pixels. Tiles: the left half of a line is 8 bytes
	// after the right half.
	for n := range g.tiles {
		for y := range 8 {
			g.tiles[n][y] = [2]uint8{rom[16*n+8+y], rom[16*n+y]}
		}
	}
	// Sprites: columns of four pixels at +8, +16, +24, +0; the lower eight
	// lines 32 bytes on.
	for n := range g.sprites {
		for y := range 16 {
			line := 0x1000 + 64*n + y/8*32 + y%8
			for x := range 16 {
				g.sprites[n][y][x] = pixel(rom[line+(x/4*8+8)%32], x%4)
			}
		}
	}

	// The 32 columns in the middle are stored by columns of the turned
	// picture, the two at each side by rows.
	for r := range rows {
		for x := range columns {
			c, r2 := x-2, r+2
			if c&0x20 != 0 {
				g.cell[r][x] = uint16(r2 + (c&0x1f)<<5)
			} else {
				g.cell[r][x] = uint16(c + r2<<5)
			}
		}
	}
	return nil
}

// pixel x (0 is the left one) of a byte of graphics ROM.
func pixel(b byte, x int) uint8 { return b>>(7-x)&1<<1 | b>>(3-x)&1 }

// Draw composes the picture from RAM as it is now.
func (b *board) Draw(p *video.Picture) {
	p.Resize(screenW, screenH)
	b.drawTiles(p)
	for i := 7; i >= 0; i-- {
		b.drawSprite(p, i)
	}
}

func (b *board) drawTiles(p *video.Picture) {
	g := &b.gfx
	codes, attrs := (*[0x400]uint8)(b.ram), (*[0x400]uint8)(b.ram[0x400:])
	flip := b.st.Latch[latchFlip] != 0
	for r := range rows {
		for c := range columns {
			cell := g.cell[r][c] & 0x3ff
			if flip {
				cell = g.cell[rows-1-r][columns-1-c] & 0x3ff
			}
			tile := &g.tiles[codes[cell]]
			quads := &g.quads[attrs[cell]&31]
			at := r*8*screenW + c*8
			for y := range 8 {
				dst := p.Pix[at : at+8 : at+8]
				if flip {
					drawQuadFlipped((*[4]uint32)(dst), &quads[tile[7-y][1]])
					drawQuadFlipped((*[4]uint32)(dst[4:]), &quads[tile[7-y][0]])
				} else {
					*(*[4]uint32)(dst) = quads[tile[y][0]]
					*(*[4]uint32)(dst[4:]) = quads[tile[y][1]]
				}
				at += screenW
			}
		}
	}
}

func drawQuadFlipped(dst, src *[4]uint32) {
	dst[0], dst[1], dst[2], dst[3] = src[3], src[2], src[1], src[0]
}

// drawSprite draws pair i, and a second time 256 pixels to the left, since
// positions wrap. Columns of the scoreboard stay free of sprites.
func (b *board) drawSprite(p *video.Picture, i int) {
	attr, colour := b.ram[0xff0+2*i], b.ram[0xff1+2*i]&31
	y := int(b.st.SpritePos[2*i]) - 31
	x := 272 - int(b.st.SpritePos[2*i+1])
	if i < 3 {
		y++ // the first three are a line lower
	}
	var flipX, flipY uint8
	if attr&1 != 0 {
		flipX = 15
	}
	if attr&2 != 0 {
		flipY = 15
	}
	picture := &b.gfx.sprites[attr>>2]
	pens, clear := &b.gfx.pens[colour], b.gfx.clear[colour]
	for _, left := range [2]int{x, x - 256} {
		first, last := max(left, 16), min(left+16, 272)
		if first >= last {
			continue
		}
		for line := max(y, 0); line < min(y+16, screenH); line++ {
			src := &picture[uint8(line-y)^flipY&15]
			dst := p.Row(line)[first:last]
			at := uint8(first - left)
			for n := range dst {
				q := src[(at+uint8(n))^flipX&15] & 3
				if clear>>q&1 == 0 {
					dst[n] = pens[q]
				}
			}
		}
	}
}
