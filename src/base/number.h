/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Numbers for people, independent of the locale. Callers free the results. A missing one is "-". */

/* mig_number: fixed decimals. */
char *mig_number (double value, guint decimals);

/* mig_number_decimals: how many decimals show about three digits of a value. */
guint mig_number_decimals (double value);

/* mig_number_measure: about three digits. */
char *mig_number_measure (double value);
