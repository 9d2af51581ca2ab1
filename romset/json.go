package romset

import "encoding/json"

// MarshalJSON writes checksums as programs show them, in hexadecimal.
func (f File) MarshalJSON() ([]byte, error) {
	type plain File // without this method
	out := struct {
		plain
		CRC    string `json:"crc,omitempty"`
		SHA1   string `json:"sha1,omitempty"`
		Status string `json:"status"`
	}{plain: plain(f), SHA1: hexText(f.SHA1), Status: f.Status.String()}
	if f.Status != NoDump && (f.CRC != 0 || f.SHA1 != "") {
		out.CRC = crcText(f.CRC)
	}
	return json.Marshal(out)
}

// MarshalJSON writes the checksum in hexadecimal.
func (d Disk) MarshalJSON() ([]byte, error) {
	type plain Disk
	out := struct {
		plain
		SHA1   string `json:"sha1,omitempty"`
		Status string `json:"status"`
	}{plain: plain(d), SHA1: hexText(d.SHA1), Status: d.Status.String()}
	return json.Marshal(out)
}
