package clipboard

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// command runs a program of the system that speaks UTF-8 with the clipboard.
func command(text string, name string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	c := exec.CommandContext(ctx, name)
	c.Env = append(os.Environ(), "LC_CTYPE=UTF-8")
	c.Stdin = strings.NewReader(text)
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("%w: %s: %w", ErrNone, name, err)
	}
	return string(out[:min(len(out), MaxText)]), nil
}

func read() (string, error) { return command("", "/usr/bin/pbpaste") }

func write(text string) error {
	_, err := command(text, "/usr/bin/pbcopy")
	return err
}
