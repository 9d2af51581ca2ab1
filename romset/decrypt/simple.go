package decrypt

import "fmt"

// Steps for boards that only cross a few lines:
//
//	bits in=REGION [from=A] [to=B] order=76543210 [xor=NN] [odd=1]   data lines crossed, after inverting some
//	lines in=REGION [from=A] [to=B] order=LIST [xor=N]       address lines crossed (lowest len(LIST) of them)
//	swap in=REGION [from=A] [to=B]                           neighbouring bytes exchanged
var (
	_ = register("bits", touchIn, func(im *Image, args []string) error {
		o := parse(args)
		mem, err := im.span(o)
		if err != nil {
			return err
		}
		order := mustDigits("76543210")
		if s, ok := o["order"]; ok {
			if order, err = digits(s); err != nil || len(order) != 8 {
				return fmt.Errorf("%q is not the order of eight bits", s)
			}
		}
		xor, err := o.hex("xor", 0)
		if err != nil {
			return err
		}
		t := byteTable(order)
		for i := o.first(); i < len(mem); i += o.step() {
			mem[i] = t[mem[i]^byte(xor)]
		}
		return nil
	})
	_ = register("lines", touchIn, func(im *Image, args []string) error {
		o := parse(args)
		mem, err := im.span(o)
		if err != nil {
			return err
		}
		order, err := letters(o["order"])
		if err != nil {
			return err
		}
		xor, err := o.hex("xor", 0)
		if err != nil {
			return err
		}
		readdress(mem, func(a int) int {
			low := int(reorder(uint32(a), order))
			return a&^(1<<len(order)-1) | low ^ xor
		})
		return nil
	})
	_ = register("swap", touchIn, func(im *Image, args []string) error {
		mem, err := im.span(parse(args))
		for i := 0; i+1 < len(mem); i += 2 {
			mem[i], mem[i+1] = mem[i+1], mem[i]
		}
		return err
	})
)

// letters reads a bit order of up to 22 bits: 0-9 and then a-l.
func letters(s string) ([]int, error) {
	order := make([]int, len(s))
	for i, c := range s {
		switch {
		case c >= '0' && c <= '9':
			order[i] = int(c - '0')
		case c >= 'a' && c <= 'l':
			order[i] = int(c-'a') + 10
		default:
			return nil, fmt.Errorf("%q is not an order of address lines", s)
		}
	}
	return order, nil
}

// readdress fills mem anew: byte a comes from byte from(a) of the old content.
func readdress(mem []byte, from func(int) int) {
	old := append([]byte(nil), mem...)
	for a := range mem {
		if s := from(a); s >= 0 && s < len(old) {
			mem[a] = old[s]
		}
	}
}

// first and step restrict "bits" to odd addresses.
func (o options) first() int {
	if o["odd"] != "" {
		return 1
	}
	return 0
}

func (o options) step() int { return 1 + o.first() }
