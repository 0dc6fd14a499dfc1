/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/xml.h"
#include "study/schema.h"

/* libxml2's messages for a document that a RELAX NG grammar refuses are about its own states. Here
 * the grammar is walked along with the document and the first difference told in plain words. */

static gboolean
is_pattern (const xmlNode *node, const char *kind)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, kind) == 0;
}

/* definition: what a reference stands for. */
static const xmlNode *
definition (const xmlNode *reference)
{
  g_autofree char *name = mig_node_attribute (reference, "name");
  const xmlNode *grammar = xmlDocGetRootElement (reference->doc);

  for (const xmlNode *n = grammar->children; n; n = n->next)
    if (is_pattern (n, "define"))
      {
        g_autofree char *other = mig_node_attribute (n, "name");
        if (g_strcmp0 (other, name) == 0)
          return n;
      }
  return NULL;
}

/* find: the patterns of a kind ("element", "attribute") that belong to the element pattern itself
 * and not to one inside it. */
static void
find (const xmlNode *pattern, const char *kind, GPtrArray *found)
{
  for (xmlNode *child = pattern->children; child; child = child->next)
    if (is_pattern (child, kind))
      g_ptr_array_add (found, child);
    else if (is_pattern (child, "ref"))
      {
        const xmlNode *defined = definition (child);
        if (defined)
          find (defined, kind, found);
      }
    else if (!is_pattern (child, "element") && !is_pattern (child, "attribute"))
      find (child, kind, found);
}

static GPtrArray *
patterns (const xmlNode *pattern, const char *kind)
{
  GPtrArray *found = g_ptr_array_new ();
  find (pattern, kind, found);
  return found;
}

static xmlNode *
named (GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *other = mig_node_attribute (list->pdata[i], "name");
      if (g_strcmp0 (other, name) == 0)
        return list->pdata[i];
    }
  return NULL;
}

/* inside: is one of these between the pattern and the element pattern that it belongs to? */
static gboolean
inside (const xmlNode *pattern, const char *const *kinds)
{
  for (const xmlNode *p = pattern->parent; p && !is_pattern (p, "element"); p = p->parent)
    for (guint i = 0; kinds[i]; i++)
      if (is_pattern (p, kinds[i]))
        return TRUE;
  return FALSE;
}

static gboolean
is_required (const xmlNode *pattern)
{
  static const char *const kinds[] = { "optional", "zeroOrMore", "choice", NULL };
  return !inside (pattern, kinds);
}

/* may_be_empty: nothing in the element pattern needs an element in it. */
static gboolean
may_be_empty (GPtrArray *known)
{
  static const char *const kinds[] = { "optional", "zeroOrMore", NULL };

  for (guint i = 0; i < known->len; i++)
    if (!inside (known->pdata[i], kinds))
      return FALSE;
  return TRUE;
}

static gboolean
is_repeatable (const xmlNode *pattern)
{
  static const char *const kinds[] = { "oneOrMore", "zeroOrMore", NULL };
  return inside (pattern, kinds);
}

/* alternatives: "a, b or c". */
static char *
alternatives (GPtrArray *texts)
{
  GString *list = g_string_new (NULL);
  for (guint i = 0; i < texts->len; i++)
    g_string_append_printf (list, "%s%s",
                            i == 0               ? ""
                            : i + 1 < texts->len ? ", "
                                                 : " or ",
                            (const char *) texts->pdata[i]);
  return g_string_free (list, FALSE);
}

static char *
names (GPtrArray *list)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < list->len; i++)
    g_ptr_array_add (texts, mig_node_attribute (list->pdata[i], "name"));
  return texts->len ? alternatives (texts) : g_strdup ("none");
}

/* describe: "guest 'm1'", or "timing" where an element has no name. */
static char *
describe (const xmlNode *node)
{
  g_autofree char *name = mig_node_attribute (node, "name");
  return name ? g_strdup_printf ("%s '%s'", node->name, name)
              : g_strdup ((const char *) node->name);
}

/* explain_value: only where the attribute is an enumeration of values and nothing else. */
static gboolean
explain_value (const xmlNode *node, const xmlNode *attribute, const char *name, GError **error)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *value = mig_node_attribute (node, name);
  xmlNode *choice = attribute->children;

  while (choice && !is_pattern (choice, "choice"))
    choice = choice->next;
  if (!choice)
    return TRUE;
  for (xmlNode *n = choice->children; n; n = n->next)
    if (is_pattern (n, "value"))
      g_ptr_array_add (values, mig_node_text (n));
    else if (n->type == XML_ELEMENT_NODE)
      return TRUE;
  if (g_ptr_array_find_with_equal_func (values, value, g_str_equal, NULL))
    return TRUE;

  g_autofree char *subject = describe (node), *expected = alternatives (values);
  return mig_node_error (error, node, "%s has an unknown %s '%s'; expected %s", subject, name,
                         value, expected);
}

static gboolean
explain_attributes (const xmlNode *node, const xmlNode *pattern, GError **error)
{
  g_autoptr (GPtrArray) known = patterns (pattern, "attribute");
  g_autofree char *subject = describe (node), *expected = names (known);

  for (const xmlAttr *a = node->properties; a; a = a->next)
    {
      const char *name = (const char *) a->name;
      xmlNode *attribute = a->ns ? NULL : named (known, name);
      if (!attribute)
        return mig_node_error (error, node, "%s has an unknown attribute '%s%s%s'; expected %s",
                               subject, a->ns && a->ns->prefix ? (const char *) a->ns->prefix : "",
                               a->ns && a->ns->prefix ? ":" : "", name, expected);
      if (!explain_value (node, attribute, name, error))
        return FALSE;
    }
  for (guint i = 0; i < known->len; i++)
    {
      g_autofree char *name = mig_node_attribute (known->pdata[i], "name");
      if (is_required (known->pdata[i]) && !xmlHasProp (node, (const xmlChar *) name))
        return mig_node_error (error, node, "%s has no attribute '%s'; expected %s", subject, name,
                               expected);
    }
  return TRUE;
}

static gboolean
is_blank (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return *text == '\0';
}

/* explain_text: text where the grammar has elements only. */
static gboolean
explain_text (const xmlNode *node, const xmlNode *pattern, GError **error)
{
  g_autoptr (GPtrArray) texts = patterns (pattern, "text");

  for (const xmlNode *n = node->children; n && texts->len == 0; n = n->next)
    if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
      {
        g_autofree char *text = mig_node_text (n);
        if (!is_blank (text))
          return mig_node_error (error, node, "text '%s' in <%s>; expected none", g_strstrip (text),
                                 node->name);
      }
  return TRUE;
}

static gboolean
explain_missing (const xmlNode *node, GPtrArray *known, GHashTable *seen, GError **error)
{
  for (guint i = 0; i < known->len; i++)
    {
      g_autofree char *name = mig_node_attribute (known->pdata[i], "name");
      if (is_required (known->pdata[i]) && !g_hash_table_contains (seen, name))
        return mig_node_error (error, node, "<%s> contains no <%s>; expected at least one",
                               node->name, name);
    }
  if (!may_be_empty (known) && g_hash_table_size (seen) == 0)
    {
      g_autofree char *expected = names (known);
      return mig_node_error (error, node, "<%s> is empty; expected at least one %s", node->name,
                             expected);
    }
  return TRUE;
}

static gboolean
explain_element (const xmlNode *node, const xmlNode *pattern, GError **error)
{
  g_autoptr (GPtrArray) known = patterns (pattern, "element");
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *expected = names (known);

  if (!explain_attributes (node, pattern, error) || !explain_text (node, pattern, error))
    return FALSE;
  for (xmlNode *child = node->children; child; child = child->next)
    {
      const char *name = (const char *) child->name;
      if (child->type != XML_ELEMENT_NODE)
        continue;
      xmlNode *inner = child->ns ? NULL : named (known, name);
      if (!inner)
        return mig_node_error (error, child, "unknown element <%s> in <%s>; expected %s", name,
                               node->name, expected);
      if (!g_hash_table_add (seen, (gpointer) name) && !is_repeatable (inner))
        return mig_node_error (error, child, "a second <%s> in <%s>; expected one", name,
                               node->name);
      if (!explain_element (child, inner, error))
        return FALSE;
    }
  return explain_missing (node, known, seen, error);
}

/* find_start: the pattern of the root element. */
static xmlNode *
find_start (const xmlDoc *grammar)
{
  xmlNode *root = xmlDocGetRootElement (grammar);
  for (xmlNode *n = root ? root->children : NULL; n; n = n->next)
    if (is_pattern (n, "start"))
      {
        g_autoptr (GPtrArray) found = patterns (n, "element");
        return found->len ? found->pdata[0] : NULL;
      }
  return NULL;
}

gboolean
mig_grammar_explain (const xmlDoc *doc, const xmlDoc *grammar, GError **error)
{
  const xmlNode *root = xmlDocGetRootElement (doc);
  const xmlNode *start = find_start (grammar);

  if (!start)
    return TRUE;
  g_autofree char *name = mig_node_attribute (start, "name");
  if (root->ns || g_strcmp0 ((const char *) root->name, name) != 0)
    return mig_node_error (error, root, "unknown element <%s>; expected <%s>", root->name, name);
  return explain_element (root, start, error);
}
