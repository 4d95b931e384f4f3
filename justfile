# Short names for the scripts, which work without just as well.

# list the recipes
default:
    @just --list --unsorted

# make the development environment
setup:
    ./scripts/tool

# run the tests; arguments go to pytest
test *ARGS:
    ./scripts/test {{ARGS}}

# match an example patient to the trials that ship
demo *ARGS:
    ./scripts/demo {{ARGS}}

# format the code and mend what can be mended
fmt:
    ./scripts/tool ruff format .
    ./scripts/tool ruff check --fix .

# style
lint:
    ./scripts/check format lint

# types
types:
    ./scripts/check types

# imports go down only
layers:
    ./scripts/check layers

# the fact files: schema, references, tables complete and disjoint
data:
    ./scripts/check data

# what must hold before a change lands
ci:
    ./.ci/run

# the tests with many more generated examples, and syncs killed many more times
soak *ARGS:
    HYPOTHESIS_PROFILE=soak HER2NAV_KILLS=100 HER2NAV_SEED=$(date +%s) ./scripts/test {{ARGS}}

# the benchmarks
bench *ARGS:
    ./scripts/bench {{ARGS}}

# check the documentation: links, commands, version
docs:
    ./scripts/test tests/contracts
