/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_probe_options_read: of --probe: each "VM=PROBE" (probe/probe-spec.h), or "@FILE", with lines
 * of a VM and its probe. Returns VM -> probe, which the caller unrefs. A probe of SSH's port is
 * warned of. Errors: USAGE; INVALID in the file, with its name and line. */
GHashTable *mig_probe_options_read (char **texts, GError **error);
