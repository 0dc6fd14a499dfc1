/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Numbers and units as other tools and spreadsheets write them. */

typedef enum {
  MIG_KIND_NAME, /* data, taken as it is */
  MIG_KIND_NUMBER,
  MIG_KIND_AMOUNT, /* of memory */
  MIG_KIND_RATE,   /* of a link */
  MIG_KIND_DURATION,
  MIG_KIND_CPU, /* CPUs, or a share of a VM's */
} MigKind;

/* How numbers are written in one file. */
typedef struct {
  guint decimal_comma, grouping_comma; /* line that shows it; 0: none does */
  guint unclear;                       /* line where a comma may be either */
  char *shown;                         /* what stands there */
} MigNumberStyle;

/* mig_quantity_clean: without blanks around it, with plain blanks for those that do not break;
 * "" where it says that nothing is known (n/a, -, null ...). The caller frees it. */
char *mig_quantity_clean (const char *text);

/* mig_quantity_look: learns from a clean text how numbers are written. */
void mig_quantity_look (MigNumberStyle *style, const char *clean, guint line);
void mig_number_style_clear (MigNumberStyle *style);

/* mig_quantity_number: the number at its beginning, with a point for decimals and no groups; *rest:
 * what follows, without blanks before it. NULL: it begins with none. The caller frees it. */
char *mig_quantity_number (const MigNumberStyle *style, const char *clean, const char **rest);

/* mig_quantity_unit: the unit as migcost writes it, "MiB" for "mib" or "Mi"; NULL: unknown, or it
 * may be two. A static text. */
const char *mig_quantity_unit (MigKind kind, const char *text);

/* mig_quantity_unit_at: the units of a kind, one after the other; NULL: there are no more. */
const char *mig_quantity_unit_at (MigKind kind, guint index);

/* mig_quantity_likely: the unit of memory that a host's or VM's amount without one most likely has:
 * most: the largest number in its column. */
const char *mig_quantity_likely (double most);
