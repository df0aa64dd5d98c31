"""Generators, critics and their heads, each under the parameter names of the published weights."""
