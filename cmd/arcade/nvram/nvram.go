// Package nvram stores what a game's board keeps without power, such as its
// EEPROM, in files: one for each part, in a folder for each game. A machine knows
// no files; here is the host's side of machine.Kept.
package nvram

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"arcade/machine"
)

// Store is the folder of a game that is played.
type Store struct {
	dir   string
	parts []*part
	tell  func(string)
	wake  chan struct{} // something is to be written
	done  chan struct{} // the writer has ended

	mu   sync.Mutex
	told string // the last failure that was told
}

// part is a part of the board, and its file.
type part struct {
	kept *machine.Kept
	off  bool // the file must not be touched
	// Under the store's lock:
	want []byte // what the part held when Look was last called
	have []byte // what the file has, or without a file, what the part has from the factory
}

// Read gives a machine that was just switched on what the folder has, and writes
// nothing. A file that is no good is an error.
func Read(dir string, m *machine.Machine) error {
	for i := range m.Kept {
		if _, err := read(dir, &m.Kept[i]); err != nil {
			return err
		}
	}
	return nil
}

// Open gives a machine that was just switched on what the folder has. Files
// that are no good are renamed, and their parts are as from the factory:
// warnings says so. From then on Look and Close write what changes; tell is told,
// by any goroutine, when that fails. For a board that keeps nothing, Open returns
// nil.
func Open(dir string, m *machine.Machine, tell func(string)) (s *Store, warnings []string) {
	if len(m.Kept) == 0 {
		return nil, nil
	}
	s = &Store{dir: dir, tell: tell, wake: make(chan struct{}, 1), done: make(chan struct{})}
	for i := range m.Kept {
		p := &part{kept: &m.Kept[i]}
		if _, err := read(dir, p.kept); err != nil {
			warnings = append(warnings, p.refuse(dir, err))
		}
		p.have = p.kept.Save()
		p.want = p.have
		s.parts = append(s.parts, p)
	}
	go s.writer()
	return s, warnings
}

// refuse deals with a file that cannot be used, and says how.
func (p *part) refuse(dir string, err error) string {
	const start = "; the game starts as from the factory"
	if !errors.Is(err, errDamaged) {
		p.off = true
		return fmt.Sprintf("%v%s, and what it keeps is not stored until the file can be read", err, start)
	}
	to, moved := aside(filepath.Join(dir, p.kept.Name))
	if moved != nil {
		p.off = true
		return fmt.Sprintf("%v%s, and what it keeps is not stored, because the file cannot be put aside: %v", err, start, moved)
	}
	return fmt.Sprintf("%v%s. The file is kept as %s", err, start, filepath.Base(to))
}

// Look takes note of what the parts hold now; what has changed is written in the
// background. Whoever runs the machine calls it between two frames.
func (s *Store) Look() {
	pending := false
	for _, p := range s.parts {
		if p.off {
			continue
		}
		now := p.kept.Save()
		s.mu.Lock()
		if !bytes.Equal(now, p.want) {
			p.want = now
		}
		pending = pending || !bytes.Equal(p.want, p.have)
		s.mu.Unlock()
	}
	if pending {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// Close writes what the last Look has seen and is not written yet. Its error is
// about what could not be.
func (s *Store) Close() error {
	close(s.wake)
	<-s.done
	return s.write()
}

// writer writes when there is something to write.
func (s *Store) writer() {
	defer close(s.done)
	for range s.wake {
		err := s.write()
		s.mu.Lock()
		text := ""
		if err != nil {
			text = err.Error()
		}
		news := text != s.told
		s.told = text
		s.mu.Unlock()
		if news && err != nil {
			s.tell(text)
		}
	}
}

// write brings the files up to date.
func (s *Store) write() error {
	var errs []error
	for _, p := range s.parts {
		s.mu.Lock()
		want, same := p.want, bytes.Equal(p.want, p.have)
		s.mu.Unlock()
		if same {
			continue
		}
		if err := s.writePart(p.kept, want); err != nil {
			errs = append(errs, fmt.Errorf("what the game keeps is not stored: %w", err))
			continue
		}
		s.mu.Lock()
		p.have = want
		s.mu.Unlock()
	}
	return errors.Join(errs...)
}

func (s *Store) writePart(k *machine.Kept, content []byte) error {
	name := filepath.Join(s.dir, k.Name)
	if k.Size == 0 && len(content) == 0 { // no differences: that is no file
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		syncFolder(s.dir)
		return nil
	}
	return replace(name, pack(k, content))
}

// Clear takes away what a game keeps. What was there is kept beside it, with the
// ending .old.
func Clear(dir string, m *machine.Machine) error {
	for i := range m.Kept {
		name := filepath.Join(dir, m.Kept[i].Name)
		if err := os.Rename(name, name+".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
