/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/xpath.h>
#include <string.h>

#include "base/xml.h"
#include "virt/xml-values.h"

char **
mig_xml_values_in (xmlDocPtr doc, const char *path)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  xmlXPathContextPtr context = doc ? xmlXPathNewContext (doc) : NULL;
  xmlXPathObjectPtr nodes = context ? xmlXPathEvalExpression (BAD_CAST path, context) : NULL;

  for (int i = 0; nodes && nodes->nodesetval && i < nodes->nodesetval->nodeNr; i++)
    {
      g_autofree char *value = mig_node_text (nodes->nodesetval->nodeTab[i]);
      g_strv_builder_add (all, value);
    }
  xmlXPathFreeObject (nodes);
  xmlXPathFreeContext (context);
  return g_strv_builder_end (all);
}

char **
mig_xml_values (const char *xml, const char *root, const char *path)
{
  xmlDocPtr doc = xml ? mig_xml_parse (xml, strlen (xml), root, root, NULL) : NULL;
  char **values = mig_xml_values_in (doc, path);

  xmlFreeDoc (doc);
  return values;
}
