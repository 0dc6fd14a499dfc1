/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "results/facts.h"
#include "summary/compare.h"

/* What differs of a fact: it is told, nothing is said, it can explain a difference by itself. */
typedef enum { FACT_TOLD, FACT_PASSING, FACT_MATTERS, FACT_MEASURED } FactKind;

/* A measured fact matters where it differs by more than this share. */
#define MEASURED_SHARE 0.05

/* The others are told. */
static const FactKind kinds[MIG_N_FACTS] = {
  [MIG_FACT_DRIVER] = FACT_MATTERS,
  [MIG_FACT_CPU_ARCHITECTURE] = FACT_MATTERS,
  [MIG_FACT_CPUS] = FACT_MATTERS,
  [MIG_FACT_CPU_USED] = FACT_MATTERS,
  [MIG_FACT_MANAGEMENT_CPU] = FACT_MATTERS,
  [MIG_FACT_ROUND_TRIP] = FACT_PASSING,
  [MIG_FACT_LAB_MODE] = FACT_MATTERS,
  [MIG_FACT_LAB_VIRTUALIZATION] = FACT_MATTERS,
  [MIG_FACT_LAB_CPU_SHARING] = FACT_MATTERS,
  [MIG_FACT_LINK_CONFIGURED] = FACT_MATTERS,
  [MIG_FACT_LINK_MEASURED] = FACT_MEASURED,
  [MIG_FACT_LINK_CONGESTION_CONTROL] = FACT_MATTERS,
  [MIG_FACT_MACHINE_CPU_MODEL] = FACT_MATTERS,
  [MIG_FACT_MACHINE_GOVERNOR] = FACT_MATTERS,
  [MIG_FACT_MACHINE_LOAD] = FACT_PASSING,
  [MIG_FACT_MACHINE_CPUS] = FACT_MATTERS,
  [MIG_FACT_MACHINE_STOLEN] = FACT_PASSING,
  [MIG_FACT_OPTION] = FACT_PASSING,
  [MIG_FACT_UNTIL] = FACT_PASSING,
  [MIG_FACT_TIME_LIMIT] = FACT_PASSING,
  [MIG_FACT_MOST_REPETITIONS] = FACT_PASSING,
  [MIG_FACT_HEARTBEAT] = FACT_MATTERS,
  [MIG_FACT_HEARTBEAT_REST] = FACT_MATTERS,
  [MIG_FACT_HEARTBEAT_MOVING] = FACT_MATTERS,
  [MIG_FACT_HEARTBEAT_SWITCH] = FACT_MATTERS,
  [MIG_FACT_OWN_CPU_TIME] = FACT_PASSING,
  [MIG_FACT_OWN_WALL_TIME] = FACT_PASSING,
  [MIG_FACT_OWN_MEMORY] = FACT_PASSING,
  [MIG_FACT_OBSERVING_BEFORE] = FACT_PASSING,
  [MIG_FACT_OBSERVING_DURING] = FACT_PASSING,
  [MIG_FACT_OBSERVING_AFTER] = FACT_PASSING,
  [MIG_FACT_OWN_OBSERVING_BEFORE] = FACT_PASSING,
  [MIG_FACT_OWN_OBSERVING_DURING] = FACT_PASSING,
  [MIG_FACT_OWN_OBSERVING_AFTER] = FACT_PASSING,
  [MIG_FACT_COST_WORK_BEFORE] = FACT_PASSING,
  [MIG_FACT_COST_CPU_BEFORE] = FACT_PASSING,
  [MIG_FACT_COST_BLOCKS_BEFORE] = FACT_PASSING,
  [MIG_FACT_COST_WORK_DURING] = FACT_PASSING,
  [MIG_FACT_COST_CPU_DURING] = FACT_PASSING,
  [MIG_FACT_COST_BLOCKS_DURING] = FACT_PASSING,
};

static FactKind
kind_of (const MigEnvironmentRecord *row)
{
  MigFact fact = mig_fact_of (row);

  return fact < MIG_N_FACTS ? kinds[fact] : FACT_TOLD;
}

static const MigEnvironmentRecord *
find_fact (const GPtrArray *facts, const MigEnvironmentRecord *wanted)
{
  for (guint i = 0; i < facts->len; i++)
    {
      const MigEnvironmentRecord *fact = facts->pdata[i];
      if (g_strcmp0 (fact->scope, wanted->scope) == 0 && g_strcmp0 (fact->name, wanted->name) == 0)
        return fact;
    }
  return NULL;
}

/* same_value: but for the lab's directory, which has another name each time. */
static gboolean
same_value (const char *a, const char *b)
{
  static const char lab[] = "/lab-";
  const gsize length = strlen (lab);

  while (a && b && *a && *a == *b)
    {
      gboolean at_lab = strncmp (a, lab, length) == 0 && strncmp (b, lab, length) == 0;
      a += at_lab ? length + strcspn (a + length, "/") : 1;
      b += at_lab ? length + strcspn (b + length, "/") : 1;
    }
  return a && b ? *a == *b : a == b;
}

static gboolean
matters (FactKind kind, const char *base, const char *now)
{
  if (kind != FACT_MEASURED)
    return kind == FACT_MATTERS;
  double a = base ? g_ascii_strtod (base, NULL) : NAN, b = now ? g_ascii_strtod (now, NULL) : NAN;
  return !(fabs (a - b) <= MEASURED_SHARE * fmax (fabs (a), fabs (b)));
}

static void
add_fact (MigComparison *self, const MigEnvironmentRecord *base, const MigEnvironmentRecord *now)
{
  const MigEnvironmentRecord *any = base ? base : now;
  MigFactChange change = {
    .scope = any->scope,
    .name = any->name,
    .base = base ? base->value : NULL,
    .now = now ? now->value : NULL,
    .unit = any->unit,
  };
  FactKind kind = kind_of (any);

  if (kind == FACT_PASSING || same_value (change.base, change.now))
    return;
  change.matters = matters (kind, change.base, change.now);
  if (kind == FACT_MEASURED && !change.matters)
    return;
  g_array_append_val (self->facts, change);
}

/* heaviest_first: keeps the order otherwise: g_array_sort() is stable for equal elements. */
static int
heaviest_first (gconstpointer a, gconstpointer b)
{
  return ((const MigFactChange *) b)->matters - ((const MigFactChange *) a)->matters;
}

void
mig_compare_environments (MigComparison *self, const GPtrArray *base, const GPtrArray *now)
{
  for (guint i = 0; i < base->len; i++)
    add_fact (self, base->pdata[i], find_fact (now, base->pdata[i]));
  for (guint i = 0; i < now->len; i++)
    if (!find_fact (base, now->pdata[i]))
      add_fact (self, NULL, now->pdata[i]);
  g_array_sort (self->facts, heaviest_first);
}
