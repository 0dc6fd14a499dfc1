/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "results/facts.h"
#include "results/given-cpus.h"

/* Instead of a CPU's number, as in a study. */
enum { CPU_ANY = -1, CPU_SPARE = -2 };

/* value_of: of a parameter in a case; NULL: it is not swept. */
static const char *
value_of (const GPtrArray *parameters, const char *case_label, const char *name)
{
  for (guint i = 0; i < parameters->len; i++)
    {
      const MigParameterRecord *record = parameters->pdata[i];
      if (g_strcmp0 (record->case_label, case_label) == 0 &&
          g_strcmp0 (record->parameter, name) == 0)
        return record->value;
    }
  return NULL;
}

/* swept: an attribute of a host: its own sweep before that of all hosts. */
static const char *
swept (const GPtrArray *parameters, const char *case_label, const char *host, const char *attribute)
{
  g_autofree char *name = g_strdup_printf ("host.%s.%s", host, attribute);
  const char *own = value_of (parameters, case_label, name);

  return own ? own : value_of (parameters, case_label, attribute);
}

/* nth: of the CPUs that a host of the lab owns, "2,3"; -1: it has no such. */
static int
nth (const char *owned, guint64 index)
{
  g_auto (GStrv) list = g_strsplit (owned, ",", -1);

  return index < g_strv_length (list) ? (int) g_ascii_strtoll (list[index], NULL, 10) : -1;
}

/* cpu_of: what a study calls it, as this machine, or the host, counts it. */
static int
cpu_of (const char *text, const char *owned)
{
  guint64 number = 0;

  if (strcmp (text, "spare") == 0)
    return CPU_SPARE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &number, NULL))
    return CPU_ANY;
  return owned ? nth (owned, number) : (int) number;
}

static gboolean
owns (const char *owned, int cpu)
{
  g_auto (GStrv) list = g_strsplit (owned, ",", -1);

  for (guint i = 0; list[i]; i++)
    if ((int) g_ascii_strtoll (list[i], NULL, 10) == cpu)
      return TRUE;
  return FALSE;
}

/* lender_of: the host of the lab that owns that CPU; of a spare one: the next host's, whose first
 * CPU is not this one's. */
static const char *
lender_of (const GPtrArray *environment, const char *host, const char *owned, int cpu)
{
  const char *first = NULL;
  gboolean behind = FALSE;

  for (guint i = 0; i < environment->len; i++)
    {
      const MigEnvironmentRecord *row = environment->pdata[i];
      if (!mig_fact_is (row, MIG_FACT_CPUS_OWNED) || !*row->value)
        continue;
      if (strcmp (row->scope, host) == 0)
        {
          behind = TRUE;
          continue;
        }
      if (cpu == CPU_SPARE ? nth (row->value, 0) == nth (owned, 0) : !owns (row->value, cpu))
        continue;
      if (behind)
        return row->scope;
      first = first ? first : row->scope;
    }
  return first;
}

MigGivenCpus
mig_given_cpus_find (const GPtrArray *environment, const GPtrArray *parameters,
                     const char *case_label, const char *host)
{
  const char *owned = mig_fact_find (environment, MIG_FACT_CPUS_OWNED, host);
  const char *guests = swept (parameters, case_label, host, "cpu");
  const char *management = swept (parameters, case_label, host, "management-cpu");
  double all = mig_fact_number (environment, MIG_FACT_CPUS, host);
  double used = mig_fact_number (environment, MIG_FACT_CPU_USED, host);
  MigGivenCpus given = { .guests = all, .sampled = all };

  int cpu = guests ? cpu_of (guests, owned) : isnan (used) ? CPU_ANY : (int) used;
  if (cpu == CPU_ANY)
    return given; /* its management shares them all, or has one of them */
  given.guests = given.sampled = 1;
  const char *fact = mig_fact_find (environment, MIG_FACT_MANAGEMENT_CPU, host);
  int other = management ? cpu_of (management, owned) : fact ? cpu_of (fact, NULL) : cpu;
  if (other == cpu)
    return given;
  if (other == CPU_ANY)
    {
      given.management = all > 1 ? all - 1 : 0;
      return given;
    }
  gboolean borrows = owned && (other == CPU_SPARE ? nth (owned, 1) < 0 : !owns (owned, other));
  given.management = 1;
  given.lender = borrows ? lender_of (environment, host, owned, other) : NULL;
  given.sampled += !borrows;
  return given;
}
