/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_show_result: the report of a result directory in a format ("text", "json", "csv") behind out.
 * Errors: USAGE where there is no such format; INVALID where the directory can't be read. */
gboolean mig_show_result (const char *directory, const char *format, GString *out, GError **error);
