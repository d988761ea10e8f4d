#!/bin/sh
# Builds influxd 2.7.12 from its Go module into ./influxd of the present folder (empty, writable).
# Needs go, cargo, clang and protoc. `go install` refuses the module, since its go.mod has a `replace`: a module of our
# own repeats the replacement.
set -eu

cat > go.mod <<'MOD'
module twinhub.local/influxd

go 1.21

require (
	github.com/influxdata/influxdb/v2 v2.7.12
	github.com/influxdata/pkg-config v0.2.11
)

replace github.com/nats-io/nats-streaming-server v0.11.2 => github.com/influxdata/nats-streaming-server v0.11.3-0.20201112040610-c277f7560803
MOD

cat > tools.go <<'GO'
//go:build tools

package tools

import (
	_ "github.com/influxdata/influxdb/v2/cmd/influxd"
	_ "github.com/influxdata/pkg-config"
)
GO

# Newer compilers warn about Flux's older Rust code, which turns warnings into errors.
printf '#!/bin/sh\nexec "$@" --cap-lints warn\n' > lenient
chmod +x lenient

# Flux names a toolchain of its own, which rustup would download; the installed one builds it as well.
if command -v rustup > /dev/null; then
  RUSTUP_TOOLCHAIN=$(rustup default | cut -d' ' -f1)
  export RUSTUP_TOOLCHAIN
fi

go mod tidy
go build -o pkg-config github.com/influxdata/pkg-config
PATH="$PWD:$PATH" PKG_CONFIG="$PWD/pkg-config" RUSTC_WRAPPER="$PWD/lenient" \
  go build -tags sqlite_foreign_keys,sqlite_json -ldflags "-X main.version=v2.7.12" -o influxd github.com/influxdata/influxdb/v2/cmd/influxd
