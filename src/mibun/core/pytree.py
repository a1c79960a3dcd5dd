# ruff: noqa
"""TEMPORARY"""
def tree_flatten(tree, is_leaf=None):
    if isinstance(tree,(tuple,list)) :
        leaves=[];specs=[]
        for t in tree:
            l,s=tree_flatten(t); leaves+=l; specs.append(s)
        return leaves,(type(tree),specs)
    if isinstance(tree,dict):
        leaves=[];specs=[]
        for k,t in tree.items():
            l,s=tree_flatten(t); leaves+=l; specs.append(s)
        return leaves,(dict,list(tree),specs)
    return [tree],None
def tree_unflatten(leaves,spec):
    it=iter(leaves)
    def go(s):
        if s is None: return next(it)
        if s[0] is dict: return {k:go(x) for k,x in zip(s[1],s[2])}
        return s[0]([go(x) for x in s[1]])
    return go(spec)
def tree_map(f,tree):
    l,s=tree_flatten(tree); return tree_unflatten([f(x) for x in l],s)
def _broadcast_to_and_flatten(tree,spec):
    def count(s): return 1 if s is None else sum(map(count,s[-1]))
    if spec is None: return [tree] if not isinstance(tree,(tuple,list,dict)) else None
    if not isinstance(tree,(tuple,list,dict)): return [tree]*count(spec)
    kids=list(tree.values()) if isinstance(tree,dict) else tree
    if len(kids)!=len(spec[-1]): return None
    r=[]
    for k,s in zip(kids,spec[-1]):
        q=_broadcast_to_and_flatten(k,s)
        if q is None: return None
        r+=q
    return r
