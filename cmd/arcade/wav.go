package main

import (
	"arcade/audio/mix"
	"arcade/cmd/arcade/load"
	"arcade/cmd/arcade/media"
	"arcade/machine"
)

// wavWriter writes a machine's sound to a file.
type wavWriter struct {
	mixer *mix.Mixer
	file  *media.WAV
	buf   []int16
}

func newWAVWriter(name string, rate int, m *machine.Machine) (*wavWriter, error) {
	mixer, err := load.NewMixer(rate, m)
	if err != nil {
		return nil, err
	}
	file, err := media.CreateWAV(name, rate, 2)
	return &wavWriter{mixer: mixer, file: file}, err
}

// frame adds a frame's samples.
func (w *wavWriter) frame(s *machine.Sound) error {
	for i, samples := range s.Streams {
		w.mixer.Push(i, samples)
	}
	w.buf = w.mixer.Pull(w.buf[:0], w.mixer.Ready())
	return w.file.Write(w.buf)
}

func (w *wavWriter) close() error { return w.file.Close() }
