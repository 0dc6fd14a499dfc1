/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "paper/figure-facts.h"

#define NO_CLAIM                                                                                   \
  {                                                                                                \
    MIG_CLAIM_NONE, 0, 0, NULL                                                                     \
  }
#define ABOVE(bound)                                                                               \
  {                                                                                                \
    MIG_CLAIM_WITHIN, bound, HUGE_VAL, "above " #bound                                             \
  }
#define BETWEEN(low, high)                                                                         \
  {                                                                                                \
    MIG_CLAIM_WITHIN, low, high, #low " to " #high                                                 \
  }
#define DIFFERS                                                                                    \
  {                                                                                                \
    MIG_CLAIM_DIFFERS, 0, 0, "not 0"                                                               \
  }

static double
only_a (double a, double b)
{
  return a;
}

static double
percent_of_a (double a, double b)
{
  return 100 * a;
}

static double
a_less_b (double a, double b)
{
  return a - b;
}

static double
percent_a_less_b (double a, double b)
{
  return 100 * (a - b);
}

static double
a_per_b (double a, double b)
{
  return a / b;
}

static double
percent_a_above_b (double a, double b)
{
  return 100 * (a / b - 1);
}

static double
percent_a_below_b (double a, double b)
{
  return 100 * (1 - a / b);
}

#define TIME(role)                                                                                 \
  {                                                                                                \
    MIG_PAPER_##role, MIG_METRIC_TOTAL_TIME, NULL                                                  \
  }
#define DOWN(role)                                                                                 \
  {                                                                                                \
    MIG_PAPER_##role, MIG_METRIC_DOWNTIME_GUEST, NULL                                              \
  }
#define OWN(role)                                                                                  \
  {                                                                                                \
    MIG_PAPER_##role, MIG_METRIC_GUEST_DOWNTIME, "m"                                               \
  }
#define LEFT(role, name)                                                                           \
  {                                                                                                \
    MIG_PAPER_##role, MIG_METRIC_LEFT_THROUGHPUT, name                                             \
  }
#define CPU(metric)                                                                                \
  {                                                                                                \
    MIG_PAPER_MEMORY_ALONE, MIG_METRIC_##metric, NULL                                              \
  }

/* The paper's order. The text does not say in which of cm and mc the sum of downtimes is the
 * larger. */
const MigFigureFact mig_figure_facts[] = {
  { "1", "downtime over the dirty rates, largest less smallest", "s", NAN, "more than 2", ABOVE (0),
    MIG_PAPER_SWEEP, DOWN (LARGEST), DOWN (SMALLEST), a_less_b },
  { "2", "total time over the dirty rates, largest less smallest", "s", NAN, "varies", ABOVE (0),
    MIG_PAPER_SWEEP, TIME (LARGEST), TIME (SMALLEST), a_less_b },
  { "3", "management CPU on the source while a memory VM moves", "%", NAN, "20 to 40",
    BETWEEN (20, 40), MIG_PAPER_ONE, CPU (MANAGEMENT_SOURCE), CPU (MANAGEMENT_SOURCE),
    percent_of_a },
  { "3", "CPU of VMmg, before less during", "%", NAN, "more than 10", ABOVE (10), MIG_PAPER_ONE,
    CPU (VMMG_CPU_BEFORE), CPU (VMMG_CPU_DURING), percent_a_less_b },
  { "3", "CPU of VMco, before less during", "%", NAN, "more than 10", ABOVE (10), MIG_PAPER_ONE,
    CPU (VMCO_CPU_BEFORE), CPU (VMCO_CPU_DURING), percent_a_less_b },
  { "4", "total time, memory VM less CPU VM", "s", NAN, "more than 0", ABOVE (0), MIG_PAPER_EITHER,
    TIME (MEMORY_ALONE), TIME (CPU_ALONE), a_less_b },
  { "4", "downtime, memory VM less CPU VM", "s", NAN, "more than 0", ABOVE (0), MIG_PAPER_EITHER,
    DOWN (MEMORY_ALONE), DOWN (CPU_ALONE), a_less_b },
  { "5", "downtime, mm less cc", "s", 9.56, NULL, ABOVE (0), MIG_PAPER_BALANCING, DOWN (MM),
    DOWN (CC), a_less_b },
  { "5", "downtime, cm less mc (the paper: either way)", "s", 2.24, NULL, DIFFERS,
    MIG_PAPER_BALANCING, DOWN (CM), DOWN (MC), a_less_b },
  { "5", "the mVM's own downtime in cm", "s", 5.89, NULL, NO_CLAIM, MIG_PAPER_BALANCING, OWN (CM),
    OWN (CM), only_a },
  { "5", "the mVM's own downtime in mc", "s", 4.13, NULL, NO_CLAIM, MIG_PAPER_BALANCING, OWN (MC),
    OWN (MC), only_a },
  { "5", "the mVM's own downtime, cm / mc", "1", 5.89 / 4.13, NULL, ABOVE (1), MIG_PAPER_BALANCING,
    OWN (CM), OWN (MC), a_per_b },
  { "6", "total time, cc", "s", 42.37, NULL, NO_CLAIM, MIG_PAPER_BALANCING, TIME (CC), TIME (CC),
    only_a },
  { "6", "total time, mm", "s", 118.81, NULL, NO_CLAIM, MIG_PAPER_BALANCING, TIME (MM), TIME (MM),
    only_a },
  { "6", "total time, mm less cc", "s", 76.44, NULL, ABOVE (0), MIG_PAPER_BALANCING, TIME (MM),
    TIME (CC), a_less_b },
  { "6", "total time, mm / cc", "1", 118.81 / 42.37, NULL, NO_CLAIM, MIG_PAPER_BALANCING, TIME (MM),
    TIME (CC), a_per_b },
  { "6", "total time, mc less cm", "s", 11.68, NULL, ABOVE (0), MIG_PAPER_BALANCING, TIME (MC),
    TIME (CM), a_less_b },
  { "7", "a cVM left: mm, the lowest, below cm, the highest", "%", 6.59, NULL, ABOVE (0),
    MIG_PAPER_BALANCING, LEFT (MM, "c"), LEFT (CM, "c"), percent_a_below_b },
  { "7", "... mc below cm", "%", NAN, "0 to 6.59", ABOVE (0), MIG_PAPER_BALANCING, LEFT (MC, "c"),
    LEFT (CM, "c"), percent_a_below_b },
  { "7", "... mc above mm", "%", NAN, "0 or more", ABOVE (0), MIG_PAPER_BALANCING, LEFT (MC, "c"),
    LEFT (MM, "c"), percent_a_above_b },
  { "8", "an mVM left: cc, the highest, above mc", "%", 14.74, NULL, ABOVE (0), MIG_PAPER_BALANCING,
    LEFT (CC, "m"), LEFT (MC, "m"), percent_a_above_b },
  { "8", "... cc above cm", "%", NAN, "0 or more", ABOVE (0), MIG_PAPER_BALANCING, LEFT (CC, "m"),
    LEFT (CM, "m"), percent_a_above_b },
};

const guint mig_n_figure_facts = G_N_ELEMENTS (mig_figure_facts);

gboolean
mig_figure_fact_is_difference (const MigFigureFact *fact)
{
  return fact->combine == a_less_b;
}
