/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/xml.h"

#define MAX_MESSAGE 400 /* characters; a value may be as long as the file */

static void G_GNUC_PRINTF (4, 0)
    set_error (GError **error, const char *path, guint line, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);
  g_autofree char *message = mig_text_printable (g_strchomp (text), MAX_MESSAGE);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "%s:%u: %s", path, line, message);
}

gboolean
mig_xml_error (GError **error, const char *path, guint line, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  set_error (error, path, line, format, args);
  va_end (args);
  return FALSE;
}

gboolean
mig_node_error (GError **error, const xmlNode *node, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  set_error (error, node->doc->_private, mig_node_line (node), format, args);
  va_end (args);
  return FALSE;
}

/* The document type would come here, before any entity of it is looked at: stop. */
static void
refuse_document_type (void *data, const xmlChar *name, const xmlChar *external,
                      const xmlChar *system)
{
  xmlParserCtxt *ctxt = data;
  guint *line = ctxt->_private;

  *line = MAX (xmlSAX2GetLineNumber (ctxt), 1);
  xmlStopParser (ctxt);
}

xmlDoc *
mig_xml_parse (const char *xml, gsize size, const char *path, const char *root, GError **error)
{
  guint type_line = 0;

  if (size > G_MAXINT)
    {
      mig_xml_error (error, path, 1, "too large");
      return NULL;
    }
  xmlParserCtxt *ctxt = xmlNewParserCtxt ();
  ctxt->_private = &type_line;
  ctxt->sax->internalSubset = refuse_document_type;
  xmlDoc *doc = xmlCtxtReadMemory (ctxt, xml, (int) size, NULL, NULL,
                                   XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                       XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
  if (type_line)
    mig_xml_error (error, path, type_line,
                   "a document type is not allowed; expected it to begin with <%s>", root);
  else if (!doc || !xmlDocGetRootElement (doc))
    mig_xml_error (error, path, MAX (ctxt->lastError.line, 1), "not well-formed XML: %s",
                   ctxt->lastError.message ? ctxt->lastError.message : "no element found");
  else
    doc->_private = (void *) path;
  xmlFreeParserCtxt (ctxt);

  if (doc && !doc->_private)
    g_clear_pointer (&doc, xmlFreeDoc);
  return doc;
}

guint
mig_node_line (const xmlNode *node)
{
  long line = xmlGetLineNo (node);
  return line > 0 ? (guint) line : 1;
}

gboolean
mig_node_is (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && !node->ns &&
         (!name || strcmp ((const char *) node->name, name) == 0);
}

xmlNode *
mig_node_next (xmlNode *node, const char *name)
{
  while (node && !mig_node_is (node, name))
    node = node->next;
  return node;
}

/* take_text: a string of libxml2's as one of GLib's. */
static char *
take_text (xmlChar *text)
{
  char *copy = g_strdup ((const char *) text);
  xmlFree (text);
  return copy;
}

char *
mig_node_attribute (const xmlNode *node, const char *name)
{
  xmlChar *value = xmlGetNoNsProp (node, (const xmlChar *) name);
  return value ? take_text (value) : NULL;
}

char *
mig_node_text (const xmlNode *node)
{
  xmlChar *text = xmlNodeGetContent (node);
  return text ? take_text (text) : g_strdup ("");
}
