# The batch on one machine or a cluster; the same jobs, keys and runner as `python -m quakebook.publishing.book`.
#
#   snakemake -c2 --config profile=quick
#   snakemake --executor slurm -j 20 --default-resources mem_mb=4000 runtime=60 --config profile=paper
import shlex

from quakebook.publishing import loop
from quakebook.publishing.plan import plan
from quakebook.project import find_project

PROFILE = config.get("profile", "quick")
PROJECT = find_project(workflow.basedir)
JOBS = {job.name: job for job in plan(PROJECT, PROFILE)}
ROOT = PROJECT.root


def target(job):
    return job.target.relative_to(ROOT).as_posix()


def inputs(wildcards):
    """Everything that the dependency key covers; a notebook that runs last also needs the others."""
    job = JOBS[wildcards.name]
    files = [str(path) for path in job.inputs]
    return files + [target(other) for other in JOBS.values() if job.entry.last and not other.entry.last]


def command(wildcards):
    job = JOBS[wildcards.name]
    return shlex.join(loop.command(job, PROJECT, PROFILE))


rule batch:
    input:
        [target(job) for job in JOBS.values()],


rule notebook:
    input:
        inputs,
    output:
        f"_build/executed/{PROFILE}/{{name}}.ipynb",
    wildcard_constraints:
        name="|".join(JOBS),
    log:
        f"_build/executed/{PROFILE}/{{name}}.log",
    params:
        command=command,
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    shell:
        "{params.command} > {log} 2>&1"
