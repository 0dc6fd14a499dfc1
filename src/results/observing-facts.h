/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/facts.h"

/* What observing costs, as a result's facts have it. */
typedef enum { MIG_COST_BEFORE, MIG_COST_DURING } MigCostPhase; /* migrations */

typedef struct {
  MigFactInterval work; /* guests', observed / left alone */
  MigFactInterval cpu;  /* observing less left alone, in per cent of a CPU */
  guint blocks;         /* that these come from; 0: nothing is known */
} MigObservingFacts;

/* mig_observing_facts_write: nothing where nothing is known. */
gboolean mig_observing_facts_write (MigResultWriter *writer, MigCostPhase phase,
                                    const MigObservingFacts *facts, GError **error);

/* mig_observing_facts_to_text, _from_text: on one line. The caller frees it. FALSE: it is not one.
 */
char *mig_observing_facts_to_text (const MigObservingFacts *facts);
gboolean mig_observing_facts_from_text (const char *text, MigObservingFacts *facts);
