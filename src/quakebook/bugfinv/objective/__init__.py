"""Losses of the chapter and the rules that combine task gradients."""
