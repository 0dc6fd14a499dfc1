#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make install keeps to DESTDIR and the prefix, make uninstall leaves nothing, make dist packs the
# sources.
. "$top_srcdir/tests/tap.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=tests/cli/links.sh
. "$top_srcdir/tests/cli/links.sh"

stage=$work/stage
unset MAKEFLAGS MAKELEVEL MFLAGS DESTDIR TESTS

in_build_tree() { # MAKE-ARGUMENT...
  make -s -C "$top_builddir" "$@"
}

variable() { # NAME: as configure has set it
  printf 'show:\n\t@echo "$(%s)"\n' "$1" | make -s -C "$top_builddir" -f Makefile -f - show
}

# What ships is there, below DESTDIR and where the program looks for it.
all_is_there() {
  for study in "$top_srcdir"/studies/*.xml "$top_srcdir"/domains/*.xml; do
    [ -f "$stage$data/${study#"$top_srcdir"/}" ] || { echo "no $study"; return 1; }
  done
  for page in "$top_srcdir"/doc/*.[157]; do
    [ -f "$stage$man/man${page##*.}/$(basename "$page")" ] || { echo "no $page"; return 1; }
  done
  [ -x "$stage$bin/migcost" ] && [ -x "$stage$libexec/migcost-lab" ] && [ -x "$stage$libexec/migcost-ssh" ] &&
    [ -f "$stage$libexec/guest.cpio.gz" ] &&
    grep -qF "$data" "$stage$bin/migcost" && grep -qF "$libexec" "$stage$bin/migcost"
}

only_below() { # DIRECTORY: all that was installed is
  find "$stage" -type f | grep -vF "$stage$1/" >"$work/elsewhere"
  cat "$work/elsewhere"
  [ ! -s "$work/elsewhere" ]
}

# The staged program with the staged data: no source tree, no variables that point to one.
works_installed() {
  env -u MIGCOST_LIBEXECDIR MIGCOST_DATADIR="$stage$data" PATH="$stage$bin:$PATH" \
    sh "$top_srcdir/packaging/debian/tests/installed" "$stage$data" \
      "$top_srcdir/tests/data/recorded-smoke"
}

nothing_is_left() {
  find "$stage" -type f >"$work/left"
  prefix=$stage$(variable prefix) # which may lie below a directory of this name itself
  [ ! -d "$prefix" ] || find "$prefix" -mindepth 1 -name '*migcost*' >>"$work/left"
  cat "$work/left"
  [ ! -s "$work/left" ]
}

# What automake adds, beside all that is in the repository; what packs and hides files stays out.
same_as_repository() {
  (cd "$top_srcdir" && git ls-files | grep -v '^\.') | sort >"$work/repository"
  (cd "$work/tree" && find . -type f | sed 's|^\./||' | grep -v '^\.') | sort >"$work/packed"
  cat >"$work/generated" <<'EOF'
INSTALL
Makefile.in
aclocal.m4
config.h.in
configure
EOF
  grep -vxFf "$work/repository" "$work/packed" | grep -v '^build-aux/' |
    grep -vxFf "$work/generated" >"$work/more"
  grep -vxFf "$work/packed" "$work/repository" >"$work/fewer"
  sed 's/^/only in the tarball: /' "$work/more"
  sed 's/^/only in the repository: /' "$work/fewer"
  [ ! -s "$work/more" ] && [ ! -s "$work/fewer" ]
}

prefix=$(variable prefix)
data=$(variable pkgdatadir)
libexec=$(variable pkglibexecdir)
man=$(variable mandir)
doc=$(variable docdir)
bin=$(variable bindir)

check "make install into DESTDIR" in_build_tree install DESTDIR="$stage"
check "all that ships is there" all_is_there
check "nothing is installed outside the prefix" only_below "$prefix"
check "links in the installed documents lead somewhere" no_broken_links "$stage$doc"
check "every command, study and template works from there" works_installed
check "make uninstall" in_build_tree uninstall DESTDIR="$stage"
check "it leaves nothing" nothing_is_left
check "data into another directory" in_build_tree install-data DESTDIR="$stage" datadir=/elsewhere
check "it is there" test -f "$stage/elsewhere/migcost/studies/smoke.xml"
check "nothing of it is where it was" test ! -e "$stage$data"
if [ -e "$top_srcdir/.git" ] && command -v git >/dev/null; then
  check "make distdir" in_build_tree distdir distdir="$work/tree"
  check "the tarball is what the repository has, and what autoreconf makes" same_as_repository
else
  skip "the tarball is what the repository has" "this is no repository"
fi
finish
