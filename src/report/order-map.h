/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/accuracy.h"
#include "summary/order-map.h"

/* What is said of a field: for people and for programs. */

/* mig_order_map_verdict: "cm cheaper", "no difference of more than 1.2 s", "not known". The caller
 * frees it. */
char *mig_order_map_verdict (const MigOrderField *field);

/* mig_order_map_expected: first less second, as it was predicted before the run; NaN: it was not.
 * accuracy: NULL: nothing was predicted. */
double mig_order_map_expected (const MigAccuracy *accuracy, const MigOrderField *field);
