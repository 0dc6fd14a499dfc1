/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "study/axis.h"
#include "base/xml.h"

/* KIND_LIMIT: a rate that libvirt sets in whole MiB/s. */
typedef enum {
  KIND_TEXT,
  KIND_NUMBER,
  KIND_PAGES,
  KIND_BYTES,
  KIND_RATE,
  KIND_LIMIT,
  KIND_DURATION
} Kind;

struct _MigAxisKind {
  const char *element;
  gboolean of_object; /* the parameter is called ELEMENT.NAME.ATTRIBUTE, else ATTRIBUTE */
  const char *attribute;
  Kind kind;
};

/* Everything of a study that may differ from case to case. Names and URIs are no parameters; the
 * seed, the repetitions, the run's end and the periods of heartbeats and samples are the whole
 * run's. */
static const MigAxisKind kinds[] = {
  { "workload", TRUE, "type", KIND_TEXT },
  { "workload", TRUE, "wss", KIND_BYTES },
  { "workload", TRUE, "rate", KIND_PAGES },
  { "workload", TRUE, "order", KIND_TEXT },
  { "workload", TRUE, "off-after", KIND_DURATION },
  { "guest", TRUE, "workload", KIND_TEXT },
  { "guest", TRUE, "host", KIND_TEXT },
  { "guest", TRUE, "memory", KIND_BYTES },
  { "guest", TRUE, "vcpus", KIND_NUMBER },
  { "guest", TRUE, "hugepages", KIND_TEXT },
  { "guest", TRUE, "dirty-ring", KIND_TEXT },
  { "guest", TRUE, "numa-node", KIND_NUMBER },
  { "guest", TRUE, "cpu-model", KIND_TEXT },
  { "guest", TRUE, "disk", KIND_BYTES },
  { "guest", TRUE, "disk-cache", KIND_TEXT },
  { "guest", TRUE, "template", KIND_TEXT },
  { "host", TRUE, "cpu", KIND_NUMBER },
  { "host", FALSE, "cpu", KIND_NUMBER },
  { "host", TRUE, "management-cpu", KIND_NUMBER },
  { "host", FALSE, "management-cpu", KIND_NUMBER },
  { "hosts", FALSE, "link", KIND_RATE },
  { "cases", FALSE, "concurrency", KIND_NUMBER },
  { "migration", FALSE, "technique", KIND_TEXT },
  { "migration", FALSE, "peer-to-peer", KIND_TEXT },
  { "migration", FALSE, "stop-rule", KIND_TEXT },
  { "migration", FALSE, "bandwidth", KIND_LIMIT },
  { "migration", FALSE, "max-downtime", KIND_DURATION },
  { "migration", FALSE, "timeout", KIND_DURATION },
  { "migration", FALSE, "at-timeout", KIND_TEXT },
  { "migration", FALSE, "copy-storage", KIND_TEXT },
  { "migration", FALSE, "tls", KIND_TEXT },
  { "migration", FALSE, "connections", KIND_NUMBER },
  { "migration", FALSE, "cache", KIND_BYTES },
  { "migration", FALSE, "throttle-initial", KIND_NUMBER },
  { "migration", FALSE, "throttle-increment", KIND_NUMBER },
  { "timing", FALSE, "ready-timeout", KIND_DURATION },
  { "timing", FALSE, "settle", KIND_DURATION },
  { "timing", FALSE, "baseline", KIND_DURATION },
  { "timing", FALSE, "window", KIND_DURATION },
};

char *
mig_axis_names (void)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_string_append_printf (names, "%s%s%s%s",
                            i == 0                         ? ""
                            : i + 1 < G_N_ELEMENTS (kinds) ? ", "
                                                           : " or ",
                            kinds[i].of_object ? kinds[i].element : "",
                            kinds[i].of_object ? ".NAME." : "", kinds[i].attribute);
  return g_string_free (names, FALSE);
}

void
mig_axis_free (MigAxis *axis)
{
  if (!axis)
    return;
  g_free (axis->parameter);
  g_free (axis->object);
  g_strfreev (axis->values);
  g_free (axis);
}

/* find_kind: "workload.m.rate" is parameter rate of the object m; a name may have dots in it. */
static gboolean
find_kind (MigAxis *axis)
{
  const char *first = strchr (axis->parameter, '.'), *last = strrchr (axis->parameter, '.');
  gboolean of_object = first && last > first + 1;

  for (guint i = 0; i < G_N_ELEMENTS (kinds) && !axis->kind; i++)
    if (kinds[i].of_object == of_object &&
        (of_object ? strncmp (axis->parameter, kinds[i].element, strlen (kinds[i].element)) == 0 &&
                         axis->parameter[strlen (kinds[i].element)] == '.' &&
                         strcmp (last + 1, kinds[i].attribute) == 0
                   : strcmp (axis->parameter, kinds[i].attribute) == 0))
      axis->kind = &kinds[i];
  if (axis->kind && of_object)
    axis->object = g_strndup (first + 1, last - first - 1);
  return axis->kind != NULL;
}

static gboolean
read_values (MigAxis *axis, const xmlNode *sweep, GError **error)
{
  g_autofree char *text = mig_node_attribute (sweep, "values");

  axis->values = g_strsplit (text ? text : "", ",", -1);
  axis->n_values = g_strv_length (axis->values);
  for (guint i = 0; i < axis->n_values; i++)
    {
      g_strstrip (axis->values[i]);
      if (!*axis->values[i])
        return mig_node_error (
            error, sweep,
            "values='%s' of the sweep of '%s' has an empty value; expected values with a comma "
            "between them",
            text, axis->parameter);
      for (guint j = 0; j < i; j++)
        if (strcmp (axis->values[i], axis->values[j]) == 0)
          return mig_node_error (error, sweep,
                                 "value '%s' occurs twice in the sweep of '%s'; expected it once",
                                 axis->values[i], axis->parameter);
    }
  return axis->n_values > 0 ||
         mig_node_error (error, sweep,
                         "the sweep of '%s' has no values; expected some, like values='1, 2'",
                         axis->parameter);
}

MigAxis *
mig_axis_new (const xmlNode *sweep, GError **error)
{
  g_autoptr (MigAxis) axis = g_new0 (MigAxis, 1);

  axis->line = mig_node_line (sweep);
  axis->parameter = mig_node_attribute (sweep, "parameter");
  if (!axis->parameter || !find_kind (axis))
    {
      g_autofree char *names = mig_axis_names ();
      mig_node_error (error, sweep, "unknown parameter '%s' in a sweep; expected %s",
                      axis->parameter ? axis->parameter : "", names);
      return NULL;
    }
  return read_values (axis, sweep, error) ? g_steal_pointer (&axis) : NULL;
}

const char *
mig_axis_attribute (const MigAxis *axis)
{
  return axis->kind->attribute;
}

const char *
mig_axis_element (const MigAxis *axis)
{
  return axis->kind->element;
}

gboolean
mig_axis_apply (const MigAxis *axis, const char *value, xmlNode *root)
{
  const MigAxisKind *kind = axis->kind;
  xmlNode *hosts = mig_node_next (root->children, "hosts");
  xmlNode *parent = strcmp (kind->element, "host") == 0 && hosts ? hosts : root;
  guint found = 0;

  for (xmlNode *n = mig_node_next (parent->children, kind->element); n;
       n = mig_node_next (n->next, kind->element))
    {
      g_autofree char *name = mig_node_attribute (n, "name");
      if (axis->object && g_strcmp0 (name, axis->object) != 0)
        continue;
      xmlSetProp (n, BAD_CAST kind->attribute, BAD_CAST value);
      found++;
    }
  /* <migration> and <timing> may be left out */
  if (!found && !kind->of_object)
    xmlSetProp (xmlNewChild (root, NULL, BAD_CAST kind->element, NULL), BAD_CAST kind->attribute,
                BAD_CAST value);
  return found || !kind->of_object;
}

char *
mig_axis_effective (const MigAxis *axis, const char *value)
{
  guint64 asked = 0, mib = 0;

  if (axis->kind->kind == KIND_LIMIT && mig_units_parse_rate (value, &asked, NULL))
    mib = mig_units_limit_mib (asked);
  return mib && mib * MIG_MIB != asked ? g_strdup_printf ("%" G_GUINT64_FORMAT " MiB/s", mib)
                                       : g_strdup (value);
}

double
mig_axis_number (const MigAxis *axis, const char *value, const char **unit)
{
  guint64 number = 0;
  gint64 ns = 0;
  gboolean ok = FALSE;

  switch (axis->kind->kind)
    {
    case KIND_TEXT:
      break;
    case KIND_NUMBER:
    case KIND_PAGES:
      /* a rate of 0 is as fast as the guest can, which is no number */
      ok = g_ascii_string_to_unsigned (value, 10, axis->kind->kind == KIND_PAGES, G_MAXUINT64,
                                       &number, NULL);
      *unit = axis->kind->kind == KIND_PAGES ? "pages/s" : "1";
      break;
    case KIND_BYTES:
      ok = mig_units_parse_bytes (value, &number, NULL);
      *unit = "bytes";
      break;
    case KIND_RATE:
    case KIND_LIMIT:
      ok = mig_units_parse_rate (value, &number, NULL);
      *unit = "bytes/s";
      break;
    case KIND_DURATION:
      ok = mig_units_parse_duration (value, &ns, NULL);
      number = (guint64) ns;
      *unit = "ns";
      break;
    }
  if (!ok)
    *unit = NULL;
  return ok ? (double) number : NAN;
}
