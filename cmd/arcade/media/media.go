// Package media writes what a machine shows and plays to files.
package media

import (
	"bufio"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"

	"arcade/video"
)

// WritePNG writes a picture as the board draws it.
func WritePNG(name string, p *video.Picture) error {
	img := image.NewNRGBA(image.Rect(0, 0, p.W, p.H))
	for y := range p.H {
		for x, c := range p.Row(y) {
			img.SetNRGBA(x, y, color.NRGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 255})
		}
	}
	return toFile(name, func(w io.Writer) error { return png.Encode(w, img) })
}

// WriteRGB writes a picture as raw RGB24, rows from the top.
func WriteRGB(name string, p *video.Picture) error {
	return toFile(name, func(w io.Writer) error {
		_, err := w.Write(p.AppendRGB(nil))
		return err
	})
}

func toFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	if err := write(w); err != nil {
		f.Close()
		return err
	}
	if err := w.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// WAV writes 16-bit sound.
type WAV struct {
	f     *os.File
	w     *bufio.Writer
	bytes uint32
}

// CreateWAV starts a WAV file of rate samples a second.
func CreateWAV(name string, rate, channels int) (*WAV, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	v := &WAV{f: f, w: bufio.NewWriter(f)}
	_, err = v.w.Write(wavHeader(rate, channels, 0))
	return v, err
}

func wavHeader(rate, channels int, size uint32) []byte {
	le := binary.LittleEndian
	b := append([]byte("RIFF"), 0, 0, 0, 0)
	le.PutUint32(b[4:], 36+size)
	b = append(b, "WAVEfmt "...)
	b = le.AppendUint32(b, 16)
	b = le.AppendUint16(b, 1) // PCM
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(rate*channels*2))
	b = le.AppendUint16(b, uint16(channels*2))
	b = le.AppendUint16(b, 16)
	b = append(b, "data"...)
	return le.AppendUint32(b, size)
}

// Write appends interleaved samples.
func (v *WAV) Write(samples []int16) error {
	var b [2]byte
	for _, s := range samples {
		binary.LittleEndian.PutUint16(b[:], uint16(s))
		if _, err := v.w.Write(b[:]); err != nil {
			return err
		}
	}
	v.bytes += uint32(2 * len(samples))
	return nil
}

// Close writes the lengths into the header and closes the file.
func (v *WAV) Close() error {
	if err := v.w.Flush(); err != nil {
		v.f.Close()
		return err
	}
	for _, at := range []struct {
		offset int64
		value  uint32
	}{{4, 36 + v.bytes}, {40, v.bytes}} {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], at.value)
		if _, err := v.f.WriteAt(b[:], at.offset); err != nil {
			v.f.Close()
			return err
		}
	}
	return v.f.Close()
}
