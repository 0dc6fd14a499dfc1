/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "results/facts.h"
#include "results/given-cpus.h"

/* Instead of a CPU's number, as in a study. */
enum { CPU_ANY = -1, CPU_SPARE = -2 };

/* What is swept of CPUs, and what the environment says of a host. */
#define GUESTS "cpu"
#define MANAGEMENT "management-cpu"

typedef struct {
  const char *name;
  const char *all, *used, *management, *owned; /* as in the facts; NULL: not known, or not so */
} Host;

struct _MigCpuTable {
  GHashTable *swept; /* swept_key() -> const char *: the value */
  GHashTable *hosts; /* name -> Host */
  GPtrArray *owners; /* of const Host *: hosts of the lab, in the study's order */
};

/* --- reading them once --- */

static char *
swept_key (const char *case_label, const char *parameter)
{
  return g_strconcat (case_label, "\x1f", parameter, NULL);
}

static void
add_swept (MigCpuTable *self, const MigParameterRecord *record)
{
  const char *dot = record->parameter ? strrchr (record->parameter, '.') : NULL;
  const char *attribute = dot ? dot + 1 : record->parameter;

  if (!record->case_label || !record->value ||
      (g_strcmp0 (attribute, GUESTS) != 0 && g_strcmp0 (attribute, MANAGEMENT) != 0))
    return;
  g_autofree char *key = swept_key (record->case_label, record->parameter);
  if (!g_hash_table_contains (self->swept, key)) /* the first of a case counts */
    g_hash_table_insert (self->swept, g_steal_pointer (&key), record->value);
}

static Host *
get_host (MigCpuTable *self, const char *name)
{
  Host *host = g_hash_table_lookup (self->hosts, name);

  if (host)
    return host;
  host = g_new0 (Host, 1);
  host->name = name;
  g_hash_table_insert (self->hosts, (gpointer) name, host);
  return host;
}

static void
add_fact (MigCpuTable *self, const MigEnvironmentRecord *row)
{
  static const struct {
    MigFact fact;
    gsize offset;
  } facts[] = { { MIG_FACT_CPUS, G_STRUCT_OFFSET (Host, all) },
                { MIG_FACT_CPU_USED, G_STRUCT_OFFSET (Host, used) },
                { MIG_FACT_MANAGEMENT_CPU, G_STRUCT_OFFSET (Host, management) },
                { MIG_FACT_CPUS_OWNED, G_STRUCT_OFFSET (Host, owned) } };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      if (!mig_fact_is (row, facts[i].fact) || !*row->value)
        continue;
      Host *host = get_host (self, row->scope);
      const char **value = &G_STRUCT_MEMBER (const char *, host, facts[i].offset);
      if (*value)
        return;
      *value = row->value;
      if (facts[i].fact == MIG_FACT_CPUS_OWNED)
        g_ptr_array_add (self->owners, host);
    }
}

MigCpuTable *
mig_cpu_table_new (const GPtrArray *environment, const GPtrArray *parameters)
{
  MigCpuTable *self = g_new0 (MigCpuTable, 1);

  self->swept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->owners = g_ptr_array_new ();
  for (guint i = 0; i < parameters->len; i++)
    add_swept (self, parameters->pdata[i]);
  for (guint i = 0; i < environment->len; i++)
    add_fact (self, environment->pdata[i]);
  return self;
}

void
mig_cpu_table_free (MigCpuTable *self)
{
  g_hash_table_unref (self->swept);
  g_hash_table_unref (self->hosts);
  g_ptr_array_unref (self->owners);
  g_free (self);
}

/* --- CPUs by their numbers --- */

/* parse_cpu: -1: no such number. */
static int
parse_cpu (const char *text)
{
  guint64 number = 0;

  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &number, NULL) ? (int) number : CPU_ANY;
}

/* nth: of the CPUs that a host of the lab owns, "2,3"; -1: it has no such. */
static int
nth (const char *owned, guint index)
{
  g_auto (GStrv) list = g_strsplit (owned, ",", -1);

  return index < g_strv_length (list) ? parse_cpu (list[index]) : CPU_ANY;
}

/* cpu_of: what a study calls it, as this machine, or the host, counts it. */
static int
cpu_of (const char *text, const char *owned)
{
  if (strcmp (text, "spare") == 0)
    return CPU_SPARE;
  int number = parse_cpu (text);
  return owned && number >= 0 ? nth (owned, (guint) number) : number;
}

static gboolean
owns (const char *owned, int cpu)
{
  g_auto (GStrv) list = g_strsplit (owned, ",", -1);

  for (guint i = 0; list[i]; i++)
    if (parse_cpu (list[i]) == cpu)
      return TRUE;
  return FALSE;
}

/* --- of a case --- */

/* swept: an attribute of a host: its own sweep before that of all hosts; NULL: neither. */
static const char *
swept (const MigCpuTable *self, const char *case_label, const char *host, const char *attribute)
{
  g_autofree char *parameter = g_strdup_printf ("host.%s.%s", host, attribute);
  g_autofree char *own = swept_key (case_label, parameter);
  g_autofree char *all = swept_key (case_label, attribute);
  const char *value = g_hash_table_lookup (self->swept, own);

  return value ? value : g_hash_table_lookup (self->swept, all);
}

guint
mig_cpu_lender (const GArray *first, guint host)
{
  int own = g_array_index (first, int, host);

  for (guint i = 1; i < first->len; i++)
    {
      guint other = (host + i) % first->len;
      if (g_array_index (first, int, other) != own)
        return other;
    }
  return first->len;
}

/* spare_lender: NULL: nobody has a spare CPU. */
static const char *
spare_lender (const MigCpuTable *self, guint host)
{
  g_autoptr (GArray) first = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; i < self->owners->len; i++)
    {
      int cpu = nth (((const Host *) self->owners->pdata[i])->owned, 0);
      g_array_append_val (first, cpu);
    }
  guint lender = mig_cpu_lender (first, host);
  return lender < first->len ? ((const Host *) self->owners->pdata[lender])->name : NULL;
}

/* lender_of: the host of the lab that owns that CPU, or a spare one. */
static const char *
lender_of (const MigCpuTable *self, const Host *host, int cpu)
{
  guint index = 0;

  if (!g_ptr_array_find (self->owners, host, &index))
    return NULL;
  if (cpu == CPU_SPARE)
    return spare_lender (self, index);
  for (guint i = 1; i < self->owners->len; i++)
    {
      const Host *other = self->owners->pdata[(index + i) % self->owners->len];
      if (owns (other->owned, cpu))
        return other->name;
    }
  return NULL;
}

/* count_of: CPUs of a host, as told by a result that anybody may have written; NaN: not known. */
static double
count_of (const char *text)
{
  int n = text ? parse_cpu (text) : 0;
  return n > 0 ? n : NAN;
}

MigGivenCpus
mig_cpu_table_find (const MigCpuTable *self, const char *case_label, const char *name)
{
  static const Host unknown = { 0 };
  const Host *host = g_hash_table_lookup (self->hosts, name);
  const char *guests = swept (self, case_label, name, GUESTS);
  const char *management = swept (self, case_label, name, MANAGEMENT);

  host = host ? host : &unknown;
  double all = count_of (host->all);
  MigGivenCpus given = { .guests = all, .sampled = all };
  int cpu = guests ? cpu_of (guests, host->owned) : host->used ? parse_cpu (host->used) : CPU_ANY;
  if (cpu == CPU_ANY)
    return given; /* its management shares them all, or has one of them */
  given.guests = given.sampled = 1;
  int other = management         ? cpu_of (management, host->owned)
              : host->management ? cpu_of (host->management, NULL)
                                 : cpu;
  if (other == cpu)
    return given;
  if (other == CPU_ANY)
    {
      given.management = all > 1 ? all - 1 : 0;
      return given;
    }
  gboolean borrows = host->owned &&
                     (other == CPU_SPARE ? nth (host->owned, 1) < 0 : !owns (host->owned, other));
  given.management = 1;
  given.lender = borrows ? lender_of (self, host, other) : NULL;
  given.sampled += !borrows;
  return given;
}
