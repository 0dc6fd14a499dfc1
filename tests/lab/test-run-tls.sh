#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Migrations by TLS on the lab, whose hosts have certificates: QEMU's own word that it encrypts, in both modes of
# control; what is said where there are none, where they have expired, and where two authorities made them.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

command -v certtool >/dev/null || skip_all "certtool is not installed: ./quickstart installs it"
am_root || as_user
directory=''
trap '[ -z "$directory" ] || "$migcost" lab down "$directory" >/dev/null 2>&1; tear_down' EXIT

# --- what QEMU says

monitor() { # COMMAND: to the guest's QEMU at the source
  virsh -c "$(sed -n 's/^source,uri,//p' "$result/environment.csv" | tr -d '",')" \
    qemu-monitor-command migcost-m1 "$1" 2>/dev/null
}

credentials() { # of the migration that goes on; nothing: none
  monitor '{"execute":"query-migrate-parameters"}' | sed -n 's/.*"tls-creds":"\([^"]*\)".*/\1/p'
}

place_of() { # CREDENTIALS: the directory of their certificates
  monitor '{"execute":"qom-get","arguments":{"path":"/objects/'"$1"'","property":"dir"}}' |
    sed -n 's/.*"return":"\([^"]*\)".*/\1/p'
}

# encrypts: with the certificates of the lab's first host
encrypts() {
  used='' name=''
  for _ in $(seq 300); do
    name=$(credentials)
    [ -z "$name" ] || used=$(place_of "$name")
    [ -z "$used" ] || break
    sleep 0.1
  done
  [ "$used" = "$(lab_of "$result")/pki/0" ] || { echo "credentials '$name' of '$used'"; false; }
}

by_tls() { # NAME ARGUMENT...: a run whose migration takes seconds
  result=$work/results/$1
  shift
  start "$@" --bandwidth '8 MiB/s' -o "$result"
  wait_line "migrating"
}

by_tls direct run-one.xml --tls
check "QEMU encrypts, with the lab's certificates" encrypts
wait_run
check "... the run succeeds" exits 0
check "... its migration is sound" all_are ok migrations status
check "... no guest is damaged" all_are 0 guests checksum_errors
check "nothing is left" left_nothing "$(lab_of "$result")"

sed 's#  <timing#  <migration peer-to-peer="yes" tls="yes"/>\n&#' run-one.xml >peer.xml
by_tls peer peer.xml
check "peer-to-peer: QEMU encrypts, with the lab's certificates" encrypts
wait_run
check "... the run succeeds" exits 0
check "... its migration is sound" all_are ok migrations status

# --- a lab without certificates

hosts_of() { # [PREFIX]: options for the hosts of the lab that is up
  sed -n "s/^\(source\|destination\)  *\(qemu[^ ]*\).*/--${1-}\1=\2/p" up
}

path=$PATH
without_certtool() {
  mkdir "$work/path" && ln -sf /usr/sbin/* /usr/bin/* "$work/path" && rm "$work/path/certtool"
}

check "a machine without certtool" without_certtool
PATH=$work/path
run "$migcost" check run-one.xml
check "without certtool the lab is sound" exits 0
run "$migcost" check run-one.xml --tls
check "... --tls is not" exits 1
why="the lab has no certificates: 'certtool' is not installed: install gnutls-bin"
of_host="--tls: the lab of host 'source' has no certificates: 'certtool' is not installed: install gnutls-bin"
check "... and why" grep -q "^FAIL  study .*$why" out
measure none run-one.xml --tls
check "a run with --tls says so" eval 'exits 1 && contains err "$why"'
check "... before a guest of its starts" gone "$result/runs.csv"
run "$migcost" lab up
mv out up
directory=$(sed -n 's/^End it with: migcost lab down //p' up)
# shellcheck disable=SC2046 # two options
run "$migcost" plan $(hosts_of host=) --empty source --execute --yes --tls
check "an execution of a plan on a lab that is up, too" eval 'exits 1 && contains err "$of_host"'
check "... that lab goes down" "$migcost" lab down "$directory"
directory=''
PATH=$path

# half_way: an authority that has a key, and nothing more
half_way() {
  mkdir "$work/broken" &&
    printf '#!/bin/sh\ncase $* in *self-signed*) echo no space >&2; exit 1 ;; esac\nexec "%s" "$@"\n' \
      "$(command -v certtool)" >"$work/broken/certtool" && chmod +x "$work/broken/certtool" || return
  if PATH=$work/broken:$PATH "$top_srcdir/tests/pair/certificates" "$work/half" 0=10.111.0.1; then return 1; fi
  [ -d "$work/half" ] && [ -z "$(ls "$work/half")" ]
}
check "where an authority cannot be made, its key does not stay" half_way

# --- a lab that is up: certificates that will not do

check_tls() { # a small guest, on the lab that is up
  # shellcheck disable=SC2046 # two options
  run "$migcost" check run-one.xml --tls $(hosts_of)
}

passes() {
  exits 0 && grep -q "^PASS  study .*a small guest migrated by 'pre-copy' by TLS" out || { cat out; false; }
}

# fails FINDING ADVICE: patterns; in a line each
fails() {
  exits 1 && [ "$(grep -c '^FAIL' out)" = 1 ] && grep -q "^FAIL  study .*by TLS was tried and failed: .*$1" out &&
    grep -q "$2" out || { cat out; false; }
}

# what libvirt passes on where the destination is the first to fail: the source has refused its certificate
no_stream='Not a migration stream'

private() { # keys: the authority's is gone, and nobody else reads the hosts'
  [ "$(find "$directory/pki" -name '*-key.pem' | wc -l)" = 4 ] &&
    [ -z "$(find "$directory/pki" -name '*key*' -perm /077)" ] && [ ! -e "$directory/pki/authority" ] ||
    { ls -lR "$directory/pki"; false; }
}

others() { # NAME ADDRESS OPTION...: certificates of another authority, for both hosts; the second's address
  at=$work/$1 address=$2
  shift 2
  "$top_srcdir/tests/pair/certificates" "$@" "$at" 0=10.111.0.1 1="$address"
}

put() { # HOST DIRECTORY: in place of that host's, which keep their owner
  for file in "$directory/pki/$1"/*.pem; do cat "$2/$1/${file##*/}" >"$file" || return 1; done
}

run "$migcost" lab up
mv out up
directory=$(sed -n 's/^End it with: migcost lab down //p' up)
check "a lab that is up has certificates" grep -q '^TLS  *certificates of an authority of its own$' up
check "... its keys are private" private
cp -R "$directory/pki" "$work/own"
check_tls
check "... by its URIs guests migrate by TLS" passes
check "certificates that have expired" others expired 10.111.0.2 --until '2020-01-01 00:00:00'
check "certificates of another authority" others other 10.111.0.2
check "certificates for another address" others elsewhere 10.111.0.3
put 1 "$work/expired"
check_tls
check "the destination's have expired: which, and what to do" \
  fails 'server certificate .*/pki/1/server-cert.pem has expired' 'certificates that have not expired'
put 1 "$work/own"
put 0 "$work/expired"
check_tls
check "the source's have expired" \
  fails 'client certificate .*/pki/0/client-cert.pem has expired' 'certificates that have not expired'
put 0 "$work/other"
check_tls
check "the source's are of another authority: what to do" \
  fails "\(certificate hasn't got a known issuer\|$no_stream\)" 'signed by one authority'
put 0 "$work/elsewhere"
put 1 "$work/elsewhere"
check_tls
check "the destination's names another address: which it should" \
  fails "\(match the hostname 10.111.0.2\|$no_stream\)" 'name the address that migrations go to'
put 1 "$work/own"
put 0 "$work/own"
rm "$directory/pki/1/server-cert.pem"
check_tls
check "the destination has none: where they belong" fails 'server-cert.pem' 'migrate_tls_x509_cert_dir'
check "the lab goes down" "$migcost" lab down "$directory"
check "nothing of it is left" left_nothing "$directory"
directory=''
run "$migcost" check run-one.xml --tls --loopback
check "without namespaces guests migrate by TLS, too" passes
finish
