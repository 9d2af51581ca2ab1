package romset

// place copies the part of a file that p tells into a region. Pieces are made
// by the generator and tested; what does not fit is left out.
func place(region, file []byte, p *Piece) {
	if p.Count <= 0 || p.Unit <= 0 || p.From < 0 || p.To < 0 ||
		p.From+(p.Count-1)*p.FromStep+p.Unit > len(file) || p.To+(p.Count-1)*p.ToStep+p.Unit > len(region) {
		return
	}
	src, dst := file[p.From:], region[p.To:]
	switch {
	case p.Unit == 1 && p.FromStep == 1 && p.ToStep == 1:
		copy(dst[:p.Count], src)
	case p.Unit == 1 && p.FromStep == 1:
		src = src[:p.Count]
		for i, j := 0, 0; i < len(src); i, j = i+1, j+p.ToStep {
			dst[j] = src[i]
		}
	case p.Unit == 2 && p.Reverse:
		for i, j, n := 0, 0, p.Count; n > 0; i, j, n = i+p.FromStep, j+p.ToStep, n-1 {
			d, s := dst[j:j+2], src[i:i+2]
			d[0], d[1] = s[1], s[0]
		}
	case p.Unit == 2:
		for i, j, n := 0, 0, p.Count; n > 0; i, j, n = i+p.FromStep, j+p.ToStep, n-1 {
			d, s := dst[j:j+2], src[i:i+2]
			d[0], d[1] = s[0], s[1]
		}
	default:
		for i, j, n := 0, 0, p.Count; n > 0; i, j, n = i+p.FromStep, j+p.ToStep, n-1 {
			d, s := dst[j:j+p.Unit], src[i:i+p.Unit]
			if !p.Reverse {
				copy(d, s)
				continue
			}
			for k := range d {
				d[k] = s[p.Unit-1-k]
			}
		}
	}
}

// newRegion returns the memory of a region before any file is in it.
func newRegion(r *Region) []byte {
	b := make([]byte, r.Size)
	if r.Fill != 0 {
		for i := range b {
			b[i] = r.Fill
		}
	}
	return b
}
