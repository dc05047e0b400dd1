"""Makes the table of confusions of shapes.json and what was seen.

Usage: confusions.py TSCHARACTERS SHAPES.json SEEN.json OUT TEXT...
"""
import json,collections,sys,os
t2s={}
for l in open(sys.argv[1]):
    p=l.rstrip('\n').split('\t')
    if len(p)==2: t2s[p[0]]=p[1].split()[0]
cnt=collections.Counter()
for f in sys.argv[5:]:
    for l in open(f): cnt.update(l)
shapes=json.load(open(sys.argv[2]))
h=collections.Counter()
for f in sys.argv[3:4]:
    if os.path.exists(f):
        for p,e,c in json.load(open(f))['pairs']: h[p]+=c
har=collections.defaultdict(collections.Counter)
for p,c in h.items():
    t,r=p
    har[r][t]+=c*3
    if c>=2: har[t][r]+=c
lines=[]; nh=ns=0
for c in sorted(set(shapes)|set(har)):
    H=[y for y,n in har[c].most_common(14) if n>=3 and cnt[t2s.get(y,y)]>=10]
    S=[y for y,v in sorted(shapes.get(c,{}).items(),key=lambda x:-x[1]) if v>=.56 and y not in H and cnt[t2s.get(y,y)]>=20][:9]
    if H or S: lines.append(f'{c} {"".join(H)} {"".join(S)}'.rstrip()); nh+=len(H); ns+=len(S)
t='\n'.join(lines)+'\n'
open(sys.argv[4],'w').write(t); print(len(lines),nh,ns,len(t.encode()))
