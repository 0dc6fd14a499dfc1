#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
suite=trixie
# shellcheck source=SCRIPTDIR/lib-debian.sh
. "$top_srcdir/tests/debian/lib-debian.sh"
