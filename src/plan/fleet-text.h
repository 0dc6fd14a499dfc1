/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_fleet_text_decode: a file's bytes as UTF-8 without a byte order mark: they may be UTF-8 or
 * UTF-16, with or without a mark. recognised: what it was is appended where it is worth saying.
 * Errors: INVALID with "label:line: what". The caller frees it. */
char *mig_fleet_text_decode (const char *bytes, gsize size, const char *label, GString *recognised,
                             GError **error);

/* mig_fleet_text_recognise: appends one more thing that was recognised. */
void mig_fleet_text_recognise (GString *recognised, const char *format, ...) G_GNUC_PRINTF (2, 3);
