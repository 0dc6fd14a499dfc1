/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Inside migcost every duration is in nanoseconds and every amount in bytes; names carry the unit
 * as a suffix (_ns, _bytes, _bytes_per_s). Conversion happens once, at the edge. */

#define MIG_NS_PER_US G_GINT64_CONSTANT (1000)
#define MIG_NS_PER_MS G_GINT64_CONSTANT (1000000)
#define MIG_NS_PER_S G_GINT64_CONSTANT (1000000000)
#define MIG_KIB G_GUINT64_CONSTANT (1024)
#define MIG_MIB (MIG_KIB * 1024)
#define MIG_GIB (MIG_MIB * 1024)
#define MIG_PAGE_BYTES G_GUINT64_CONSTANT (4096)

/* A value that could not be measured. Written as an empty cell, never as 0. */
#define MIG_MISSING_INT G_MININT64
#define MIG_IS_MISSING(v) ((v) == MIG_MISSING_INT)

/* mig_units_parse_bytes: "460 MB", "512MiB", "4096" -> bytes. Decimal k/M/G/T with B, binary with
 * iB; no unit means bytes. Independent of the locale. Errors: MIG_ERROR_INVALID. */
gboolean mig_units_parse_bytes (const char *text, guint64 *bytes, GError **error);

/* mig_units_parse_duration: "10 ms", "1.5s", "2 min", "500us", "1 h" -> ns. A unit is required,
 * except for 0. Errors: MIG_ERROR_INVALID. */
gboolean mig_units_parse_duration (const char *text, gint64 *ns, GError **error);

/* mig_units_parse_rate: "1 Gbit/s", "117 MiB/s", "24 MB/s" -> bytes per second. A unit is required.
 * Errors: MIG_ERROR_INVALID. */
gboolean mig_units_parse_rate (const char *text, guint64 *bytes_per_s, GError **error);

/* mig_units_seconds, mig_units_seconds_between: NaN where a moment or the duration is missing. */
double mig_units_seconds (gint64 ns);
double mig_units_seconds_between (gint64 from_ns, gint64 to_ns);
/* mig_units_ns: the way back; missing where the seconds are NaN or infinite. */
gint64 mig_units_ns (double seconds);

/* mig_units_parse_percent: "5%", "2.5 %" -> 0.05, 0.025. Errors: MIG_ERROR_INVALID. */
gboolean mig_units_parse_percent (const char *text, double *ratio, GError **error);

/* mig_units_limit_mib: a limit in the whole MiB/s that libvirt knows, the nearest one; 0 where that
 * is none, or further than a twentieth from it. */
guint64 mig_units_limit_mib (guint64 bytes_per_s);
/* mig_units_parse_limit: a rate that libvirt can be given as a limit, as it is written; 0: none.
 * Errors: MIG_ERROR_INVALID. */
gboolean mig_units_parse_limit (const char *text, guint64 *bytes_per_s, GError **error);

/* The inverses, for people: three significant digits, with unit, independent of the locale. The
 * caller frees the result. A missing value is "-". */
char *mig_units_format_bytes (gint64 bytes);
char *mig_units_format_duration (gint64 ns);
char *mig_units_format_seconds (double seconds); /* as the duration that they are */
char *mig_units_format_rate (gint64 bytes_per_s);
