/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/conditions.h"
#include "results/facts.h"
#include "results/given-cpus.h"
#include "summary/experiments.h"
#include "summary/sequences.h"

#define MANAGEMENT "management-cpu"
#define BESIDE "beside guests"
#define APART "apart"
#define LENT "on other's CPU"
#define FREE "on any CPU"

struct _MigConditions {
  const MigSummary *summary;
  MigCpuTable *cpus; /* NULL: nothing is known of the hosts */
  const char *any_host;
  GHashTable *senders, *receivers; /* names of the hosts of its migrations */
};

/* any_host: that the environment knows the CPUs of; NULL: none. */
static const char *
any_host (const GPtrArray *environment)
{
  for (guint i = 0; i < environment->len; i++)
    if (mig_fact_is (environment->pdata[i], MIG_FACT_CPUS))
      return ((const MigEnvironmentRecord *) environment->pdata[i])->scope;
  return NULL;
}

MigConditions *
mig_conditions_new (const MigLoadedResult *result)
{
  MigConditions *self = g_new0 (MigConditions, 1);
  const MigSummary *summary = result->summary;

  self->summary = summary;
  self->senders = g_hash_table_new (g_str_hash, g_str_equal);
  self->receivers = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationRecord *m = ((MigMigrationSummary *) summary->migrations->pdata[i])->record;
      if (m->source)
        g_hash_table_add (self->senders, m->source);
      if (m->destination)
        g_hash_table_add (self->receivers, m->destination);
    }
  if (result->environment && summary->parameters)
    {
      self->cpus = mig_cpu_table_new (result->environment, summary->parameters);
      self->any_host = any_host (result->environment);
    }
  return self;
}

void
mig_conditions_free (MigConditions *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->cpus, mig_cpu_table_free);
  g_hash_table_unref (self->senders);
  g_hash_table_unref (self->receivers);
  g_free (self);
}

gboolean
mig_conditions_is (const MigParameterRecord *record)
{
  return record->parameter && !mig_parameter_is_experiment (record);
}

/* is_management: whether a parameter is what sends and receives, of a host or of all. */
static gboolean
is_management (const char *parameter)
{
  const char *dot = strrchr (parameter, '.');
  return strcmp (dot ? dot + 1 : parameter, MANAGEMENT) == 0;
}

/* host_of: "host.HOST.management-cpu"; a name may have dots in it. NULL: of all hosts. The caller
 * frees it. */
static char *
host_of (const char *parameter)
{
  const char *first = strchr (parameter, '.'), *last = strrchr (parameter, '.');
  return first && last > first ? g_strndup (first + 1, (gsize) (last - first - 1)) : NULL;
}

char *
mig_conditions_name (const MigConditions *self, const char *parameter)
{
  const char *dot = strchr (parameter, '.');

  if (!is_management (parameter))
    return g_strdup (dot ? dot + 1 : parameter);
  g_autofree char *host = host_of (parameter);
  if (!host)
    return g_strdup ("migrations");
  gboolean sends = g_hash_table_contains (self->senders, host);
  gboolean receives = g_hash_table_contains (self->receivers, host);
  return sends == receives ? g_strdup_printf ("migrations of %s", host)
                           : g_strdup (sends ? "sender" : "receiver");
}

/* --- values --- */

/* given_cpus: of a case, to the host that a parameter is of, or to any. FALSE: nothing is known. */
static gboolean
given_cpus (const MigConditions *self, const char *label, const char *parameter,
            MigGivenCpus *given)
{
  g_autofree char *host = host_of (parameter);
  const char *name = host ? host : self->any_host;

  if (!self->cpus || !name)
    return FALSE;
  *given = mig_cpu_table_find (self->cpus, label, name);
  return TRUE;
}

/* word_of: what sends and receives shares its CPU with. */
static const char *
word_of (const MigConditions *self, const char *label, const char *parameter, const char *value)
{
  MigGivenCpus given;
  gboolean known = given_cpus (self, label, parameter, &given);

  if (strcmp (value, "none") == 0)
    return FREE;
  if (known && given.lender)
    return LENT;
  if (!known || strcmp (value, "spare") == 0)
    return strcmp (value, "spare") == 0 ? APART : value;
  return given.management > 0 ? APART : BESIDE;
}

/* is_ambiguous: whether another value of the parameter has the same word. */
static gboolean
is_ambiguous (const MigConditions *self, const char *parameter, const char *value, const char *word)
{
  const GPtrArray *rows = self->summary->parameters;

  for (guint i = 0; rows && i < rows->len; i++)
    {
      const MigParameterRecord *row = rows->pdata[i];
      if (g_strcmp0 (row->parameter, parameter) == 0 && row->case_label && row->value &&
          strcmp (row->value, value) != 0 &&
          strcmp (word_of (self, row->case_label, parameter, row->value), word) == 0)
        return TRUE;
    }
  return FALSE;
}

/* value_text: of a row of the parameters; the caller frees it. */
static char *
value_text (const MigConditions *self, const char *label, const char *parameter, const char *value)
{
  if (!is_management (parameter))
    return g_strdup (value);
  const char *word = word_of (self, label, parameter, value);
  return is_ambiguous (self, parameter, value, word) ? g_strdup_printf ("%s (%s)", word, value)
                                                     : g_strdup (word);
}

char *
mig_conditions_value (const MigConditions *self, const MigCaseSummary *study_case,
                      const char *parameter)
{
  const char *value = mig_sequence_value (study_case, parameter);
  return value ? value_text (self, study_case->label, parameter, value) : NULL;
}

char *
mig_conditions_text (const MigConditions *self, const MigCaseSummary *study_case)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < study_case->parameters->len; i++)
    {
      const MigParameterRecord *record = study_case->parameters->pdata[i];
      if (!mig_conditions_is (record) || !record->value)
        continue;
      g_autofree char *name = mig_conditions_name (self, record->parameter);
      g_autofree char *value = mig_conditions_value (self, study_case, record->parameter);
      gboolean plain = strcmp (record->parameter, "link") == 0; /* its unit says what it is */
      g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? ", " : "", plain ? "" : name,
                              plain ? "" : " ", value);
    }
  return g_string_free (text, FALSE);
}

/* add_once: takes the text. */
static void
add_once (GPtrArray *values, char *text)
{
  if (g_ptr_array_find_with_equal_func (values, text, g_str_equal, NULL))
    g_free (text);
  else
    g_ptr_array_add (values, text);
}

/* all_have: whether every case has a value of a parameter. */
static gboolean
all_have (const MigSummary *summary, const char *parameter)
{
  for (guint i = 0; i < summary->cases->len; i++)
    if (!mig_sequence_value (summary->cases->pdata[i], parameter))
      return FALSE;
  return TRUE;
}

gboolean
mig_conditions_lend (const MigConditions *self)
{
  const GPtrArray *rows = self->summary->parameters;

  for (guint i = 0; rows && i < rows->len; i++)
    {
      const MigParameterRecord *row = rows->pdata[i];
      MigGivenCpus given;
      if (mig_conditions_is (row) && is_management (row->parameter) && row->case_label &&
          given_cpus (self, row->case_label, row->parameter, &given) && given.lender)
        return TRUE;
    }
  return FALSE;
}

static char *
join_or (const GPtrArray *values)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < values->len; i++)
    g_string_append_printf (text, "%s%s",
                            i == 0                 ? ""
                            : i + 1 == values->len ? " or "
                                                   : ", ",
                            (const char *) values->pdata[i]);
  return g_string_free (text, FALSE);
}

char *
mig_conditions_values (const MigConditions *self, const char *parameter, const char *base)
{
  const GPtrArray *rows = self->summary->parameters;
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; rows && i < rows->len; i++)
    {
      const MigParameterRecord *row = rows->pdata[i];
      if (g_strcmp0 (row->parameter, parameter) == 0 && row->case_label && row->value)
        add_once (values, value_text (self, row->case_label, parameter, row->value));
    }
  if (values->len == 0)
    return NULL;
  if (base && !all_have (self->summary, parameter))
    add_once (values, g_strdup (base));
  return join_or (values);
}
