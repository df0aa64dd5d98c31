# The chunks of one annotation as jobs, on one machine, under SLURM or on Kubernetes:
#
#   quakebook annotate MODEL INPUT --out work/ --plan-only
#   snakemake -s workflows/annotate.smk -c2 --config out=work/
#   snakemake -s workflows/annotate.smk --executor slurm -j 200 --config out=work/ device=cuda
from quakebook.picking.chunks import Plan

OUT = config["out"].rstrip("/")
DEVICE = f"--device {config['device']}" if "device" in config else ""
NAMES = list(Plan.load(OUT).names())


rule summary:
    input:
        expand(OUT + "/picks/{name}.parquet", name=NAMES),
    output:
        OUT + "/summary.json",
    shell:
        f"quakebook annotate --out {OUT} {DEVICE}"


rule chunk:
    output:
        OUT + "/picks/{name}.parquet",
    wildcard_constraints:
        name="|".join(NAMES),
    threads: 1
    retries: 2
    resources:
        mem_mb=4000,
        runtime=30,
    shell:
        f"quakebook annotate --out {OUT} --chunk {{wildcards.name}} {DEVICE}"
