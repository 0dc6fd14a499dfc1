# SPDX-License-Identifier: GPL-3.0-or-later
# Real servers for guests: what each is made of, and what makes their images, on demand.
nginxdir = $(pkgdatadir)/servers/nginx
dist_nginx_DATA = servers/nginx/server.conf servers/nginx/nginx.conf servers/nginx/index.html
serversdir = $(pkglibexecdir)/servers
dist_servers_SCRIPTS = servers/server-image servers/image-hook
