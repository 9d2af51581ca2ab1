package main

import "errors"

type playCmd struct{ game }

func (*playCmd) Run() error { return fail(exitHost, errors.New("no window in this build")) }
