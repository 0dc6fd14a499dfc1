/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Scripts that migcost ships, which take long and say what they do. */

/* mig_script_run: script: "xen/xen-pair", of migcost's programs; arguments: NULL-ended. What it
 * says goes through mig_info(), without its own name, that it says before; the last line only once
 * it has succeeded. Returns its standard output, at most what a pipe holds; the caller frees it.
 * Errors: "WHAT: its last line"; UNSUPPORTED where that says (exit status 77) that something cannot
 * be had. */
char *mig_script_run (const char *script, const char *const *arguments, const char *what,
                      GError **error);

/* mig_script_set_missing: the error where a part of migcost is not there. */
void mig_script_set_missing (GError **error, const char *part);
