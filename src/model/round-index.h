/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/records.h"

/* Rounds of migrations, by run and guest. */
typedef struct _MigRoundIndex MigRoundIndex;

/* mig_round_index_new: rounds: of MigRoundRecord, which must outlive it. */
MigRoundIndex *mig_round_index_new (const GPtrArray *rounds);
void mig_round_index_free (MigRoundIndex *index);

/* mig_round_index_find: of const MigRoundRecord, as in the table; NULL: none. */
const GPtrArray *mig_round_index_find (const MigRoundIndex *index, gint64 run, const char *guest);
