// What every generated source includes, compiled once.
#pragma once
#include "Stage1/ApiClient.h"
#include "Stage1/AnyType.h"
