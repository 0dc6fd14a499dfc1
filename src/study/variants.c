/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "study/axis.h"
#include "study/read.h"
#include "base/xml.h"

/* What experiments and sweeps make of a study. Each point of the factorial is the document with the
 * values written into it and read anew: so a value is checked by what reads it anywhere, and there
 * is no parameter that only a sweep knows. */

typedef struct {
  MigStudy *study;
  xmlDoc *doc;      /* of the experiment: a study without experiments */
  char *experiment; /* NULL: the study has none */
  guint line;       /* of it */
  GPtrArray *axes;  /* MigAxis */
  guint *at;        /* of each axis: index of its value */
  MigVariantFunc new_variant;
} Expansion;

gboolean
mig_variants_wanted (const xmlNode *root)
{
  return mig_node_next (root->children, "sweep") || mig_node_next (root->children, "experiment");
}

/* ---- one point ---- */

static const char *
value_at (const Expansion *e, guint axis)
{
  return ((MigAxis *) e->axes->pdata[axis])->values[e->at[axis]];
}

/* effective_at: what is set for it, which labels and records name. */
static char *
effective_at (const Expansion *e, guint axis)
{
  return mig_axis_effective (e->axes->pdata[axis], value_at (e, axis));
}

/* short_name: the attribute where no other axis has the same. */
static const char *
short_name (const Expansion *e, guint axis)
{
  const MigAxis *self = e->axes->pdata[axis];

  for (guint i = 0; i < e->axes->len; i++)
    if (i != axis &&
        strcmp (mig_axis_attribute (e->axes->pdata[i]), mig_axis_attribute (self)) == 0)
      return self->parameter;
  return mig_axis_attribute (self);
}

/* point_text: " rate=2000 wss=64MB". */
static char *
point_text (const Expansion *e)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < e->axes->len; i++)
    {
      g_autofree char *set = effective_at (e, i);
      g_auto (GStrv) words = g_strsplit_set (set, " \t\r\n", -1);
      g_autofree char *value = g_strjoinv ("", words);
      g_string_append_printf (text, " %s=%s", short_name (e, i), value);
    }
  return g_string_free (text, FALSE);
}

static void
add_parameter (MigStudy *variant, const char *name, const char *value, double number,
               const char *unit, guint line)
{
  MigStudyParameter *parameter = g_new0 (MigStudyParameter, 1);

  *parameter = (MigStudyParameter){ g_strdup (name), g_strdup (value), number, unit, line };
  g_ptr_array_add (variant->parameters, parameter);
}

static void
note_parameters (const Expansion *e, MigStudy *variant)
{
  if (e->experiment)
    add_parameter (variant, "experiment", e->experiment, (double) NAN, NULL, e->line);
  for (guint i = 0; i < e->axes->len; i++)
    {
      const MigAxis *axis = e->axes->pdata[i];
      const char *unit = NULL;
      g_autofree char *set = effective_at (e, i);
      double number = mig_axis_number (axis, set, &unit);
      add_parameter (variant, axis->parameter, set, number, unit, axis->line);
    }
}

/* take_cases: the variant's cases become the study's, under labels that say what is swept. */
static gboolean
take_cases (Expansion *e, MigStudy *variant, GError **error)
{
  g_autofree char *suffix = point_text (e);

  while (variant->cases->len)
    {
      MigStudyCase *taken = g_ptr_array_steal_index (variant->cases, 0);
      char *label = g_strdup_printf ("%s%s%s%s", e->experiment ? e->experiment : "",
                                     e->experiment ? "/" : "", taken->label, suffix);
      const MigStudyCase *other = mig_study_find_case (e->study, label);
      g_free (taken->label);
      taken->label = label;
      g_ptr_array_add (e->study->cases, taken);
      if (other)
        return mig_xml_error (
            error, e->study->path, taken->line,
            "duplicate case '%s', first defined on line %u; expected other moves or values", label,
            other->line);
      if (e->study->cases->len > MIG_STUDY_MAX_CASES)
        return mig_xml_error (error, e->study->path, taken->line,
                              "one case too many; expected at most %d", MIG_STUDY_MAX_CASES);
    }
  return TRUE;
}

/* read_point: the document with the values of the first n sweeps. */
static MigStudy *
read_point (const Expansion *e, guint n, GError **error)
{
  xmlDoc *doc = xmlCopyDoc (e->doc, 1);

  for (guint i = 0; i < n; i++)
    mig_axis_apply (e->axes->pdata[i], value_at (e, i), xmlDocGetRootElement (doc));
  MigStudy *variant = e->new_variant (e->study, doc, error);
  xmlFreeDoc (doc);
  return variant;
}

/* without_place: the place that a message begins with is that of the element which a value was
 * written into. */
static const char *
without_place (const Expansion *e, const char *message)
{
  gsize path = strlen (e->study->path);
  const char *after = strncmp (message, e->study->path, path) == 0 && message[path] == ':'
                          ? strchr (message + path + 1, ' ')
                          : NULL;
  return after ? after + 1 : message;
}

/* blame: the error of a point is that of the first sweep with which the document cannot be read,
 * or of the document where it is wrong without any. FALSE. */
static gboolean
blame (const Expansion *e, GError **error)
{
  g_autofree char *text = point_text (e);

  for (guint n = 0; n <= e->axes->len; n++)
    {
      g_autoptr (GError) cause = NULL;
      g_autoptr (MigStudy) variant = read_point (e, n, &cause);
      if (variant)
        continue;
      if (n == 0)
        g_propagate_error (error, g_steal_pointer (&cause));
      else
        mig_xml_error (error, e->study->path, ((MigAxis *) e->axes->pdata[n - 1])->line,
                       "with%s: %s", text, without_place (e, cause->message));
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
add_point (Expansion *e, GError **error)
{
  MigStudy *variant = read_point (e, e->axes->len, NULL);

  if (!variant)
    return blame (e, error);
  g_ptr_array_add (e->study->variants, variant);
  note_parameters (e, variant);
  return take_cases (e, variant, error);
}

/* ---- all points of an experiment ---- */

/* next_point: the last axis runs fastest. FALSE: that was all. */
static gboolean
next_point (Expansion *e)
{
  for (guint i = e->axes->len; i > 0; i--)
    {
      if (++e->at[i - 1] < ((MigAxis *) e->axes->pdata[i - 1])->n_values)
        return TRUE;
      e->at[i - 1] = 0;
    }
  return FALSE;
}

static gboolean
read_axes (Expansion *e, const xmlNode *root, GError **error)
{
  guint64 points = 1;

  for (xmlNode *n = mig_node_next (root->children, "sweep"); n;
       n = mig_node_next (n->next, "sweep"))
    {
      MigAxis *axis = mig_axis_new (n, error);
      if (!axis)
        return FALSE;
      for (guint i = 0; i < e->axes->len; i++)
        if (strcmp (((MigAxis *) e->axes->pdata[i])->parameter, axis->parameter) == 0)
          {
            mig_node_error (error, n, "a second sweep of '%s'; expected one with all values",
                            axis->parameter);
            mig_axis_free (axis);
            return FALSE;
          }
      g_ptr_array_add (e->axes, axis);
      points *= axis->n_values;
      if (points > MIG_STUDY_MAX_CASES)
        return mig_node_error (error, n,
                               "the sweeps make more than %d combinations; expected fewer values",
                               MIG_STUDY_MAX_CASES);
    }
  return TRUE;
}

/* know_objects: whether there is what the sweeps name. */
static gboolean
know_objects (const Expansion *e, GError **error)
{
  xmlDoc *doc = xmlCopyDoc (e->doc, 1);
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < e->axes->len; i++)
    {
      const MigAxis *axis = e->axes->pdata[i];
      ok = mig_axis_apply (axis, axis->values[0], xmlDocGetRootElement (doc)) ||
           mig_xml_error (error, e->study->path, axis->line,
                          "the sweep of '%s' names an unknown %s '%s'", axis->parameter,
                          mig_axis_element (axis), axis->object);
    }
  xmlFreeDoc (doc);
  return ok;
}

/* expand: doc is taken. */
static gboolean
expand (MigStudy *study, xmlDoc *doc, const char *experiment, guint line,
        MigVariantFunc new_variant, GError **error)
{
  Expansion e = { .study = study,
                  .doc = doc,
                  .experiment = (char *) experiment,
                  .line = line,
                  .new_variant = new_variant };

  e.axes = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_axis_free);
  doc->_private = study->path;
  gboolean ok = read_axes (&e, xmlDocGetRootElement (doc), error) && know_objects (&e, error);
  e.at = g_new0 (guint, e.axes->len + 1);
  if (ok)
    do
      ok = add_point (&e, error);
    while (ok && next_point (&e));
  g_free (e.at);
  g_ptr_array_unref (e.axes);
  xmlFreeDoc (doc);
  return ok;
}

/* ---- experiments ---- */

static void
remove_all (xmlNode *root, const char *name)
{
  xmlNode *n;

  while ((n = mig_node_next (root->children, name)))
    {
      xmlUnlinkNode (n);
      xmlFreeNode (n);
    }
}

/* keep_guests: only those that the experiment names. */
static gboolean
keep_guests (const MigStudy *study, const xmlNode *experiment, xmlNode *root, GError **error)
{
  g_autofree char *text = mig_node_attribute (experiment, "guests");
  g_auto (GStrv) names = g_strsplit_set (text ? text : "", " \t\r\n", -1);
  xmlNode *next;

  for (guint i = 0; names[i]; i++)
    if (*names[i] && !mig_read_guest_named (study, experiment, names[i], error))
      return FALSE;
  for (xmlNode *n = mig_node_next (root->children, "guest"); text && n; n = next)
    {
      g_autofree char *name = mig_node_attribute (n, "name");
      next = mig_node_next (n->next, "guest");
      if (name && g_strv_contains ((const char *const *) names, name))
        continue;
      xmlUnlinkNode (n);
      xmlFreeNode (n);
    }
  return TRUE;
}

/* specialize: the document as if the experiment were all there is: its own elements take the place
 * of the study's. */
static xmlDoc *
specialize (const MigStudy *study, const xmlNode *experiment, GError **error)
{
  static const char *const kinds[] = { "migration", "timing", "cases", "sweep" };
  xmlDoc *doc = xmlCopyDoc (experiment->doc, 1);
  xmlNode *root = xmlDocGetRootElement (doc);

  doc->_private = study->path;
  remove_all (root, "experiment");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      xmlNode *own = mig_node_next (experiment->children, kinds[i]);
      if (own)
        remove_all (root, kinds[i]);
      for (; own; own = mig_node_next (own->next, kinds[i]))
        xmlAddChild (root, xmlDocCopyNode (own, doc, 1));
    }
  if (keep_guests (study, experiment, root, error))
    return doc;
  xmlFreeDoc (doc);
  return NULL;
}

static gboolean
read_experiment (MigStudy *study, const xmlNode *node, GHashTable *names,
                 MigVariantFunc new_variant, GError **error)
{
  g_autofree char *name = mig_read_name (node, "name", error);

  if (!name)
    return FALSE;
  if (!g_hash_table_add (names, g_strdup (name)))
    return mig_node_error (error, node, "duplicate experiment '%s'; expected another name", name);
  if (!mig_node_next (node->children, "cases"))
    return mig_node_error (error, node,
                           "experiment '%s' has no <cases>; expected at least one case", name);
  xmlDoc *doc = specialize (study, node, error);
  return doc && expand (study, doc, name, mig_node_line (node), new_variant, error);
}

gboolean
mig_read_variants (MigStudy *study, const xmlNode *root, MigVariantFunc new_variant, GError **error)
{
  xmlNode *first = mig_node_next (root->children, "experiment");
  xmlNode *cases = mig_node_next (root->children, "cases"),
          *sweep = mig_node_next (root->children, "sweep");
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!first)
    {
      xmlDoc *doc = xmlCopyDoc (root->doc, 1);
      return expand (study, doc, NULL, 0, new_variant, error);
    }
  if (cases || sweep)
    return mig_node_error (
        error, cases ? cases : sweep,
        "<%s> beside <experiment>; expected it in the experiments, each of which has its own",
        cases ? "cases" : "sweep");
  for (xmlNode *n = first; n; n = mig_node_next (n->next, "experiment"))
    if (!read_experiment (study, n, names, new_variant, error))
      return FALSE;
  return TRUE;
}
