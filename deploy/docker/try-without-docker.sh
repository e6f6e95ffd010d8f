#!/bin/sh
# Runs the Dockerfile's steps in a bare Debian root, for machines without a container engine. Needs root, debootstrap and git.
# Prints how long the build took, how large the server is, and its health.
#   deploy/docker/try-without-docker.sh [folder]
set -eu
cd "$(dirname "$0")/../.."
work=${1:-$(mktemp -d)}
mkdir -p "$work"
root=$work/root
[ -x "$root/usr/bin/node" ] || debootstrap --variant=minbase --include=ca-certificates,nodejs trixie "$root" >"$work/debootstrap.log"
# The image's base has npm from npm itself; Debian's package brings several hundred others.
npm_version=10.9.4
if [ ! -x "$root/usr/local/bin/npm" ]; then
  (cd "$work" && npm pack --silent "npm@$npm_version" >/dev/null && tar xzf "npm-$npm_version.tgz")
  mkdir -p "$root/usr/local/lib/node_modules" "$root/usr/local/bin"
  mv "$work/package" "$root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
fi
# What this machine needs to reach npm, and nothing else of its settings.
cp /etc/resolv.conf "$root/etc/resolv.conf"
if [ -n "${NPM_CONFIG_REGISTRY:-}" ]; then echo "registry=$NPM_CONFIG_REGISTRY" >"$root/root/.npmrc"; fi
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  cp "$NODE_EXTRA_CA_CERTS" "$root/etc/extra-certificates.pem"
  export NODE_EXTRA_CA_CERTS=/etc/extra-certificates.pem
fi
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
rm -rf "$root/build" "$root/invigil" "$root/opt/invigil"
mkdir -p "$root/build" "$root/opt" "$root/var/lib/invigil"
git archive HEAD | tar x -C "$root/build"
started=$(date +%s)
chroot "$root" sh -c 'cd /build && npm ci --no-audit --no-fund && npm run models && npm run build && npm run server-folder -- /invigil' >"$work/build.log" 2>&1
echo "build: $(($(date +%s) - started)) s with Node.js $(chroot "$root" node --version)"
mv "$root/invigil" "$root/opt/invigil"
chown -R 1000:1000 "$root/var/lib/invigil"
echo "server: $(du -sm --exclude=demo --exclude=models "$root/opt/invigil" | cut -f1) MB, with pages and weights $(du -sm "$root/opt/invigil" | cut -f1) MB"
unset NODE_EXTRA_CA_CERTS
chroot --userspec=1000:1000 "$root" env -i PATH=/usr/bin:/bin NODE_ENV=production HOST=127.0.0.1 PORT=18000 AUTH=jwt \
  JWT_SECRET=only-for-this-trial-0123456789abcdef DATA_DIR=/var/lib/invigil/data DUMP_DIR=/var/lib/invigil/dumps \
  sh -c 'cd /var/lib/invigil && exec node /opt/invigil/ingest/dist/main.js' >"$work/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; umount "$root/proc"' EXIT
tries=0
until grep -q server.listening "$work/server.log"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 60 ] || ! kill -0 "$server" 2>/dev/null; then cat "$work/server.log"; exit 1; fi
  sleep 1
done
echo "health: $(node -e "fetch('http://127.0.0.1:18000/healthz').then(async (answer) => console.log(answer.status, await answer.text()))")"
echo "page: $(node -e "fetch('http://127.0.0.1:18000/exam/').then((answer) => console.log(answer.status))")"
