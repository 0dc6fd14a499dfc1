/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>

#include "base/error.h"
#include "base/files.h"
#include "base/xml.h"
#include "study/schema.h"

#define SCHEMA "studies/study.rng"

typedef struct {
  guint line;
  char *message;
} FirstError;

/* keep_first: libxml2's structured error handler; the first error is the cause, the rest follow. */
static void
keep_first (void *data, xmlErrorPtr libxml_error)
{
  FirstError *first = data;

  if (first->message)
    return;
  first->message = g_strdup (libxml_error->message ? libxml_error->message : "unknown error");
  first->line = MAX (libxml_error->line, 1);
  if (libxml_error->node && ((xmlNode *) libxml_error->node)->type == XML_ELEMENT_NODE)
    first->line = mig_node_line (libxml_error->node);
}

/* compile: the schema from its tree, which is freed with it or on failure by the caller. */
static xmlRelaxNG *
compile (xmlDoc *grammar, const char *path, GError **error)
{
  FirstError first = { 0, NULL };
  xmlRelaxNGParserCtxt *ctxt = xmlRelaxNGNewDocParserCtxt (grammar);

  xmlRelaxNGSetParserStructuredErrors (ctxt, keep_first, &first);
  xmlRelaxNG *schema = xmlRelaxNGParse (ctxt);
  xmlRelaxNGFreeParserCtxt (ctxt);
  if (!schema)
    g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
                 "the schema '%s' is damaged: %s; install migcost again", path,
                 first.message ? g_strchomp (first.message) : "unknown error");
  g_free (first.message);
  return schema;
}

static gboolean
validate (xmlDoc *doc, xmlRelaxNG *schema, GError **error)
{
  FirstError first = { 1, NULL };
  xmlRelaxNGValidCtxt *ctxt = xmlRelaxNGNewValidCtxt (schema);

  xmlRelaxNGSetValidStructuredErrors (ctxt, keep_first, &first);
  int result = xmlRelaxNGValidateDoc (ctxt, doc);
  xmlRelaxNGFreeValidCtxt (ctxt);
  if (result != 0)
    mig_xml_error (error, doc->_private, first.line, "not a study: %s",
                   first.message ? first.message : "the schema refuses it");
  g_free (first.message);
  return result == 0;
}

gboolean
mig_schema_check (xmlDoc *doc, gboolean *explained, GError **error)
{
  g_autofree char *path = mig_files_find_data (SCHEMA);
  g_autoptr (GError) refused = NULL;
  gboolean valid = FALSE;

  *explained = TRUE;
  if (!path)
    {
      g_set_error (
          error, MIG_ERROR, MIG_ERROR_FAILED,
          "cannot find the schema '%s'; install migcost, or use ./run in its source folder",
          SCHEMA);
      return FALSE;
    }
  xmlDoc *grammar = xmlReadFile (path, NULL,
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  if (!grammar)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
                   "cannot read the schema '%s'; install migcost again", path);
      return FALSE;
    }
  xmlRelaxNG *schema = compile (grammar, path, error);
  if (schema)
    {
      valid = validate (doc, schema, &refused);
      if (!valid && mig_grammar_explain (doc, grammar, error))
        {
          *explained = FALSE;
          g_propagate_error (error, g_steal_pointer (&refused));
        }
      xmlRelaxNGFree (schema);
    }
  xmlFreeDoc (grammar);
  return valid;
}
