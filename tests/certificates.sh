# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154 # $work is the script's
# Certificates of an authority made here, good for two days, in $pki. Sourced.

command -v openssl >/dev/null || skip_all "openssl is not installed"
pki=$work/pki
new_key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

authority() {
  # shellcheck disable=SC2086 # options
  mkdir "$pki" && openssl req -x509 $new_key -days 2 -subj "/CN=migcost test" \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" \
    -keyout "$pki/ca-key.pem" -out "$pki/ca-cert.pem"
}

# certificate NAME ADDRESSES: NAME-key.pem, NAME-cert.pem
certificate() {
  echo "subjectAltName=$2" >"$pki/$1.ext"
  # shellcheck disable=SC2086 # options
  openssl req $new_key -subj "/CN=$1" -keyout "$pki/$1-key.pem" -out "$pki/$1.csr" &&
    openssl x509 -req -in "$pki/$1.csr" -CA "$pki/ca-cert.pem" -CAkey "$pki/ca-key.pem" \
      -CAcreateserial -days 2 -extfile "$pki/$1.ext" -out "$pki/$1-cert.pem"
}

# lay_out_for_qemu NAME DIRECTORY: the certificate, under the names by which QEMU looks for its own
lay_out_for_qemu() {
  cp "$pki/ca-cert.pem" "$2/" && for role in server client; do
    cp "$pki/$1-cert.pem" "$2/$role-cert.pem" && cp "$pki/$1-key.pem" "$2/$role-key.pem" || return 1
  done
}
