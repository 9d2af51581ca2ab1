package online

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"arcade/netplay/secure"
	"arcade/netplay/udp"

	"github.com/pelletier/go-toml/v2"
)

// Peer is somebody whom we have played with, or want to.
type Peer struct {
	Name    string `toml:"name" json:"name"`
	Address string `toml:"address,omitempty" json:"address,omitempty"` // HOST:PORT of a host
	Code    string `toml:"code,omitempty" json:"code,omitempty"`       // that the host gave away
	Key     string `toml:"key,omitempty" json:"key,omitempty"`         // public key, in hexadecimal, once it is known
}

// Fingerprint is a short form of the peer's key, or "" while it is unknown.
func (p *Peer) Fingerprint() string {
	b, err := hex.DecodeString(p.Key)
	if err != nil || len(b) == 0 {
		return ""
	}
	return secure.Fingerprint(b)
}

// Peers is the file of stored peers.
type Peers struct {
	file string
	List []Peer `toml:"peer"`
}

// ErrPeers is wrapped by errors about the file or its content.
var ErrPeers = errors.New("stored peers")

// LoadPeers reads a file; one that does not exist is empty.
func LoadPeers(file string) (*Peers, error) {
	p := &Peers{file: file}
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPeers, err)
	}
	d := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		var strict *toml.StrictMissingError
		var at *toml.DecodeError
		switch {
		case errors.As(err, &strict) && len(strict.Errors) > 0:
			row, _ := strict.Errors[0].Position()
			return nil, fmt.Errorf("%w: %s, line %d: there is no such key as %s; name, address, code and key are known", ErrPeers, file, row, strings.Join(strict.Errors[0].Key(), "."))
		case errors.As(err, &at):
			row, _ := at.Position()
			return nil, fmt.Errorf("%w: %s, line %d: %w", ErrPeers, file, row, err)
		}
		return nil, fmt.Errorf("%w: %s: %w", ErrPeers, file, err)
	}
	for i, q := range p.List {
		if q.Name == "" {
			return nil, fmt.Errorf("%w: %s: peer %d has no name", ErrPeers, file, i+1)
		}
	}
	return p, nil
}

// Save writes the file, all of it or nothing.
func (p *Peers) Save() error {
	b, err := toml.Marshal(p)
	if err != nil {
		return err
	}
	return writeFile(p.file, append([]byte("# People to play with. `arcade peers` changes this file.\n"), b...), 0o600)
}

// writeFile replaces a file, so that there is always a whole one.
func writeFile(file string, b []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	_, err = f.Write(b)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// Find returns the peer of a name, or nil.
func (p *Peers) Find(name string) *Peer {
	for i := range p.List {
		if strings.EqualFold(p.List[i].Name, name) {
			return &p.List[i]
		}
	}
	return nil
}

// FindKey returns the peer with a public key, or nil.
func (p *Peers) FindKey(public []byte) *Peer {
	for i := range p.List {
		if p.List[i].Key == hex.EncodeToString(public) {
			return &p.List[i]
		}
	}
	return nil
}

// FindAddress returns the peer of an address, or nil.
func (p *Peers) FindAddress(address string) *Peer {
	for i := range p.List {
		if strings.EqualFold(p.List[i].Address, address) {
			return &p.List[i]
		}
	}
	return nil
}

// notInNames would make a name look like an address or an invite: nobody may be
// called as somebody else's address is written.
const notInNames = ".#:/[] \t"

// Add stores a peer under its name, which must be new.
func (p *Peers) Add(peer Peer) error {
	if peer.Name == "" || strings.ContainsAny(peer.Name, notInNames) {
		return fmt.Errorf("%w: %q cannot be a name: it may not be empty or have spaces or any of . # : / [ ]", ErrPeers, peer.Name)
	}
	if p.Find(peer.Name) != nil {
		return fmt.Errorf("%w: %s is stored already; `arcade peers remove %s` forgets that one", ErrPeers, peer.Name, peer.Name)
	}
	p.List = append(p.List, peer)
	return nil
}

// Remove forgets a peer.
func (p *Peers) Remove(name string) error {
	for i := range p.List {
		if strings.EqualFold(p.List[i].Name, name) {
			p.List = slices.Delete(p.List, i, i+1)
			return nil
		}
	}
	return fmt.Errorf("%w: nobody is called %s; `arcade peers list` shows who there is", ErrPeers, name)
}

// unusedName makes a name of a nickname that is not taken.
func (p *Peers) unusedName(nick string) string {
	base := strings.Map(func(r rune) rune {
		if strings.ContainsRune(notInNames, r) {
			return '-'
		}
		return r
	}, nick)
	if base == "" {
		base = "peer"
	}
	name := base
	for n := 2; p.Find(name) != nil; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	return name
}

// Invite is what a host gives away: where it is, and a code that proves who
// answers there.
type Invite struct {
	Address string // HOST:PORT
	Code    string // "" if none was given
}

// ParseInvite reads HOST[:PORT][#CODE].
func ParseInvite(s string) (Invite, error) {
	address, code, hasCode := strings.Cut(strings.TrimSpace(s), "#")
	host, port, err := udp.SplitAddress(address)
	if err != nil {
		return Invite{}, err
	}
	in := Invite{Address: joinAddress(host, port)}
	if hasCode {
		in.Code = secure.NormalCode(code)
		if len(in.Code) != secure.CodeLength {
			return Invite{}, fmt.Errorf("the code %q is not whole: a code has %d letters and digits; copy all of what the host shows", code, secure.CodeLength)
		}
		if i := strings.IndexFunc(in.Code, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '2' || r > '7') }); i >= 0 {
			r, _ := utf8.DecodeRuneInString(in.Code[i:])
			return Invite{}, fmt.Errorf("the code %q has a %q: codes are made of letters and the digits 2 to 7; copy what the host shows", code, r)
		}
	}
	return in, nil
}

// FindInvite looks for an invite with a code among the words of a message.
func FindInvite(text string) (Invite, bool) {
	for _, word := range strings.Fields(text) {
		word = strings.Trim(word, "<>\"'(),;.")
		if in, err := ParseInvite(word); err == nil && in.Code != "" {
			return in, true
		}
	}
	return Invite{}, false
}

func (i Invite) String() string {
	if i.Code == "" {
		return i.Address
	}
	return i.Address + "#" + i.Code
}

func joinAddress(host string, port int) string {
	if strings.Contains(host, ":") {
		return fmt.Sprintf("[%s]:%d", host, port)
	}
	return fmt.Sprintf("%s:%d", host, port)
}

// LoadKey reads this installation's key pair, and makes it at the first time.
func LoadKey(file string) (secure.Key, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key, err := secure.NewKey(nil)
		if err != nil {
			return key, err
		}
		text := hex.EncodeToString(key.Private) + hex.EncodeToString(key.Public) + "\n"
		return key, writeFile(file, []byte(text), 0o600)
	}
	if err != nil {
		return secure.Key{}, err
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(raw) != 64 {
		return secure.Key{}, fmt.Errorf("%s is damaged: it should have 128 hexadecimal digits; without it, arcade makes a new key, and those who know you are warned", file)
	}
	return secure.Key{Private: raw[:32], Public: raw[32:]}, nil
}
