# SPDX-License-Identifier: GPL-3.0-or-later
# For distributions with other folders: make install zshcompletiondir=...
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
bashcompletion_DATA = completion/migcost
dist_zshcompletion_DATA = completion/_migcost
dist_fishcompletion_DATA = completion/migcost.fish
EXTRA_DIST += completion/migcost.bash
CLEANFILES += completion/migcost

# bash finds it by the name of the command
completion/migcost: completion/migcost.bash
	$(AM_V_GEN)$(MKDIR_P) completion && cp $(srcdir)/completion/migcost.bash $@
